/** The keeper: a process that starts the server of a test run and ends it with the run. */
import { spawn } from "node:child_process";

/** What a keeper is told, as JSON in its environment. */
export interface Order {
  /** The command that serves. It ends when its standard input does. */
  command: string[];
  environment: NodeJS.ProcessEnv;
  /** The address, if the command does not print it. */
  url?: string | undefined;
  adminToken?: string | undefined;
  /** The process of the test run. */
  run: number;
  /** The file that says where the server is, or why there is none. */
  file: string;
}

/** Start a keeper, which outlives this process but not the run. */
export function startKeeper(order: Order): void {
  const environment = { ...order.environment, MOCKLETTA_KEEPER: JSON.stringify(order) };
  spawn(process.execPath, ["--eval", `(${keep})()`], {
    detached: true,
    env: { ...environment, NODE_OPTIONS: "" },
    stdio: "ignore",
  }).unref();
}

/**
 * Runs in a process of its own, from its source: it uses nothing from outside of it.
 *
 * The server holds the other end of a pipe as its standard input. So it ends with the keeper,
 * also when that is killed.
 */
function keep(): void {
  const { spawn }: typeof import("node:child_process") = require("node:child_process");
  const fs: typeof import("node:fs") = require("node:fs");
  const order: Order = JSON.parse(process.env["MOCKLETTA_KEEPER"] ?? "");
  const server = spawn(order.command[0] ?? "", order.command.slice(1), {
    env: order.environment,
    stdio: "pipe",
  });
  let printed = "";
  let complaints = "";
  let isTold = false;

  function tell(facts: object): void {
    if (isTold) return;
    isTold = true;
    fs.writeFileSync(`${order.file}.new`, JSON.stringify(facts), { mode: 0o600 });
    fs.renameSync(`${order.file}.new`, order.file);
  }
  function runIsOver(): boolean {
    try {
      process.kill(order.run, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
    if (process.platform !== "linux") return false;
    try {
      const state = fs.readFileSync(`/proc/${order.run}/stat`, "latin1");
      return state.slice(state.lastIndexOf(")") + 2)[0] === "Z"; // killed, but nobody waits for it
    } catch {
      return true;
    }
  }
  function end(): void {
    fs.rmSync(order.file, { force: true });
    server.stdin.end();
    server.on("exit", () => process.exit());
    if (server.exitCode !== null || server.pid === undefined) process.exit();
    setTimeout(() => server.kill("SIGKILL"), 5_000);
  }

  server.stdin.on("error", () => undefined);
  server.stdout.on("data", (chunk) => {
    printed = (printed + chunk).slice(0, 4_000);
    const url = order.url ?? /^mockletta at (\S+)/m.exec(printed)?.[1];
    if (printed.includes("\n") && url) {
      tell({ url, keeper: process.pid, adminToken: order.adminToken });
    }
  });
  server.stderr.on("data", (chunk) => {
    complaints = (complaints + chunk).slice(-4_000);
  });
  server.on("error", (error) => tell({ error: error.message }));
  server.on("close", (code) => {
    tell({ error: `${order.command.join(" ")} ended with ${code}: ${complaints || printed}` });
  });
  process.on("SIGTERM", end);
  const watch = setInterval(() => {
    if (!runIsOver()) return;
    clearInterval(watch);
    end();
  }, 200);
}
