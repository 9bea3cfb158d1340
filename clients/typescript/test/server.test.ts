/** The server of a run. */
import { expect, test, vi } from "vitest";

import { mockletta } from "mockletta";

test("options of serve make another server", async () => {
  await using usual = await mockletta();
  await using other = await mockletta({ serve: ["--profile", "open"] });
  await using again = await mockletta({ serve: ["--profile", "open"] });

  expect(other.baseURL).not.toBe(usual.baseURL);
  expect(again.baseURL).toBe(other.baseURL);
});

test("a server that does not start says why", async () => {
  const failed = mockletta({ serve: ["--no-such-option"] });

  await expect(failed).rejects.toThrow("--no-such-option");
});

test("a URL without a server is refused in words", async () => {
  vi.stubEnv("MOCKLETTA_URL", "http://127.0.0.1:9");
  const refused = mockletta();
  vi.unstubAllEnvs();

  await expect(refused).rejects.toThrow(
    "No mockletta server answers at http://127.0.0.1:9 (ECONNREFUSED)",
  );
});

test("a URL that is not the address of a server is refused in words", async () => {
  const { MOCKLETTA_URL = "" } = process.env;

  for (const url of ["localhost:8283", `${MOCKLETTA_URL}/v1`]) {
    await expect(mockletta({ url })).rejects.toThrow(`${url} is not the address of a mockletta`);
  }
  await using mock = await mockletta({ url: `${MOCKLETTA_URL}/` });
  expect(mock.baseURL).toBe(MOCKLETTA_URL);
});
