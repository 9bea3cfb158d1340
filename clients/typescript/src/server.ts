/** The server of a test run: one for all of its processes. */
import { createHash, randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

import { type Address, Control } from "./control.js";
import { MocklettaError } from "./errors.js";
import type { WorldList } from "./generated.js";
import { type Order, startKeeper } from "./keeper.js";
import { locked } from "./lock.js";
import { findProgram, IMAGE } from "./programs.js";
import { now, sleep } from "./time.js";

const SECONDS_TO_START = 60;
const MILLISECONDS_BETWEEN_LOOKS = 20;
const OPTIONS = ["--tenancy", "key", "--max-worlds", "100000", "--until-stdin-closes"];
const PORT_IN_IMAGE = 8283;
/** Settings of `serve` that a server for several workers cannot have. */
const LEFT_OUT = [
  "MOCKLETTA_EXEC",
  "MOCKLETTA_REQUIRE_KEY",
  "MOCKLETTA_STATE",
  "MOCKLETTA_ADMIN_TOKEN",
];
const NO_ADDRESS = "not the address of a mockletta server, such as http://127.0.0.1:8283";
const SHARES_ONE_WORLD =
  "has one world for all API keys, so tests would see each other's data: start it with --tenancy key";

/** A server that a keeper runs. */
interface KeptServer extends Address {
  keeper: number;
}

const checked = new Map<string, Promise<Address>>();

/**
 * The server of this test run: the one of MOCKLETTA_URL, or else one that is started once for all
 * processes of the run. `options` are those of `mockletta serve`.
 */
export function serverOfRun(options: string[] = []): Promise<Address> {
  const url = options.length === 0 ? process.env["MOCKLETTA_URL"] : undefined;
  const name = url || JSON.stringify(options);
  const known = checked.get(name) ?? (url ? serverAt(url) : startedServer(processOfRun(), options));
  checked.set(name, known);
  known.catch(() => checked.delete(name));
  return known;
}

/** The server at an address. Throws a MocklettaError unless it has a world for each API key. */
export async function serverAt(url: string): Promise<Address> {
  const server = { url: url.replace(/\/+$/, ""), adminToken: process.env["MOCKLETTA_ADMIN_TOKEN"] };
  const { tenancy } = await worldsAt(server);
  if (tenancy !== "key") throw new MocklettaError(`The server at ${url} ${SHARES_ONE_WORLD}`);
  return server;
}

async function worldsAt(server: Address): Promise<WorldList> {
  try {
    return await new Control(server, "").ask("control.worlds.list");
  } catch (error) {
    if (error instanceof MocklettaError && error.status !== 404) throw error;
    throw new MocklettaError(`${server.url} is ${NO_ADDRESS}`);
  }
}

/** Start the server of a run that this process leads, and return how to stop it. */
export async function startForRun(): Promise<{ server: Address; stop: () => void }> {
  const { MOCKLETTA_URL } = process.env;
  if (MOCKLETTA_URL) return { server: await serverAt(MOCKLETTA_URL), stop: () => undefined };
  const server = await startedServer(process.pid, []);
  return { server, stop: () => stopKeeper(server.keeper) };
}

/** The process of the test run: this one, or the runner that started it as a worker. */
function processOfRun(): number {
  const isWorker = process.connected || process.env["NODE_TEST_CONTEXT"]?.startsWith("child");
  return isWorker ? process.ppid : process.pid;
}

async function startedServer(run: number, options: string[]): Promise<KeptServer> {
  const told = createHash("sha256").update(JSON.stringify(options)).digest("hex").slice(0, 8);
  const file = join(folder(), `${run}-${told}.json`);
  return (
    (await running(file)) ??
    locked(`${file}.lock`, async () => (await running(file)) ?? start(run, options, file))
  );
}

async function start(run: number, options: string[], file: string): Promise<KeptServer> {
  rmSync(file, { force: true });
  startKeeper({ ...(await commandOf(options)), run, file });
  const end = now() + SECONDS_TO_START * 1_000;
  for (;;) {
    const started = told(file);
    if (started) return started;
    if (now() > end) {
      throw new MocklettaError(`mockletta did not start in ${SECONDS_TO_START} seconds`);
    }
    await sleep(MILLISECONDS_BETWEEN_LOOKS);
  }
}

async function commandOf(options: string[]): Promise<Omit<Order, "run" | "file">> {
  const { command, isImage } = findProgram();
  const left = Object.entries(process.env).filter(([name]) => !LEFT_OUT.includes(name));
  const environment = Object.fromEntries(left);
  if (!isImage) {
    const words = ["serve", ...options, ...OPTIONS, "--host", "127.0.0.1", "--port", "0"];
    return { command: [...command, ...words], environment };
  }
  const port = await freePort();
  const adminToken = randomUUID();
  const published = ["--publish", `127.0.0.1:${port}:${PORT_IN_IMAGE}`, IMAGE];
  const words = ["serve", ...options, ...OPTIONS, "--host", "0.0.0.0", "--admin-token", adminToken];
  return {
    command: [...command, ...published, ...words],
    environment,
    url: `http://127.0.0.1:${port}`,
    adminToken,
  };
}

/** What a keeper tells, once the server answers. Throws a MocklettaError with its error. */
function told(file: string): KeptServer | undefined {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const facts = JSON.parse(content) as KeptServer & { error?: string };
  if (facts.error !== undefined) throw new MocklettaError(facts.error);
  return facts;
}

/** The server that a file tells of, unless it is left from an earlier run. */
async function running(file: string): Promise<KeptServer | undefined> {
  const server = told(file);
  if (server === undefined) return undefined;
  const answer = new Control(server, "").ask("control.worlds.list");
  return answer.then(
    () => server,
    () => undefined,
  );
}

/** A folder of this user, which nobody else can write to. */
function folder(): string {
  const { uid } = userInfo();
  const path = join(tmpdir(), `mockletta-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (uid >= 0 && lstatSync(path).uid !== uid) {
    throw new MocklettaError(`${path} belongs to another user: remove it, or set TMPDIR`);
  }
  return path;
}

function stopKeeper(keeper: number): void {
  try {
    process.kill(keeper, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
