/** The global set-up of vitest, jest and Playwright: `globalSetup: "mockletta/global-setup"`. */
import { startForRun } from "./server.js";

/** Start the server of the run before its workers, and return the function that stops it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const { server, stop } = await startForRun();
  const before = process.env["MOCKLETTA_URL"];
  process.env["MOCKLETTA_URL"] = server.url;
  if (server.adminToken) process.env["MOCKLETTA_ADMIN_TOKEN"] = server.adminToken;
  return async () => {
    if (before === undefined) delete process.env["MOCKLETTA_URL"];
    stop();
  };
}
