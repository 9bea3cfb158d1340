/** `mockletta()`: a mock with a world of its own. */
import { randomUUID } from "node:crypto";

import type { ScriptFile } from "./generated.js";
import { type Mock, mockAt, type Sdk } from "./mock.js";
import { serverAt, serverOfRun } from "./server.js";

/** The settings of a mock. */
export interface MockOptions {
  /** The key of the world, by default one that nobody else has. */
  apiKey?: string;
  /** The time at which the clock is frozen. */
  freeze?: string | Date;
  /** The script of the world, as in a file. */
  script?: ScriptFile;
  /** Options of `mockletta serve`, such as `["--profile", "open"]`. Equal ones share a server. */
  serve?: string[];
  /** The address of a running server, by default that of MOCKLETTA_URL. */
  url?: string;
}

/** Make a mock with a world of its own. The server of the test run is started if there is none. */
export async function mockletta(options: MockOptions = {}): Promise<Mock> {
  const { apiKey = `mockletta-${randomUUID()}`, freeze, script, serve, url } = options;
  const server = await (url === undefined ? serverOfRun(serve) : serverAt(url));
  const mock = mockAt(server, apiKey, await loadSdk());
  if (script !== undefined) await mock.script.replace(script);
  if (freeze !== undefined) await mock.clock.freeze(freeze);
  return mock;
}

async function loadSdk(): Promise<Sdk | undefined> {
  try {
    return await import("@letta-ai/letta-client");
  } catch {
    return undefined;
  }
}
