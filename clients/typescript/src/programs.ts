/** Where the server is on this machine: the Python package, or a Docker image. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join, sep } from "node:path";

import { MocklettaError } from "./errors.js";

export const IMAGE = "mockletta";
const WINDOWS = process.platform === "win32";
const PYTHON = WINDOWS ? "python" : "python3";
const IN_CONTAINER = ["docker", "run", "--rm", "--interactive", "--entrypoint", "mockletta"];
const NOT_FOUND = `\
No mockletta server was found. What was looked for:
- MOCKLETTA_URL, the address of a running server (mockletta serve --tenancy key)
- the program mockletta on the PATH and in an active virtual environment
- ${PYTHON} -m mockletta
- the Docker image ${IMAGE}
Get one from a checkout of mockletta's repository: "pip install ." with Python 3.11 or newer, or
"docker build -t mockletta .". Do not install it from an index by its bare name: that name may
belong to somebody else.`;

/** A program that takes the arguments of the command `mockletta`. */
export interface Program {
  command: string[];
  /** Whether it runs in a container, which does not see this machine's files and ports. */
  isImage: boolean;
}

/** Find the program. Throws a MocklettaError that says how to get it. */
export function findProgram(environment: NodeJS.ProcessEnv = process.env): Program {
  const script = findScript(environment);
  if (script !== undefined) return { command: [script], isImage: false };
  if (succeeds(environment, PYTHON, "-c", "import mockletta")) {
    return { command: [PYTHON, "-m", "mockletta"], isImage: false };
  }
  if (succeeds(environment, "docker", "image", "inspect", IMAGE)) {
    return { command: [...IN_CONTAINER], isImage: true };
  }
  throw new MocklettaError(NOT_FOUND);
}

/** Find Python's program. npm's program of the same name is this package. */
function findScript({ PATH = "", VIRTUAL_ENV }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(delimiter).filter(Boolean);
  if (VIRTUAL_ENV) folders.push(join(VIRTUAL_ENV, WINDOWS ? "Scripts" : "bin"));
  const files = folders.map((folder) => join(folder, WINDOWS ? "mockletta.exe" : "mockletta"));
  return files.find((file) => isExecutable(file) && !isOfNpm(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOfNpm(file: string): boolean {
  return [file, realpathSync(file)].some(
    (path) => path.includes(`${sep}node_modules${sep}`) || path.endsWith(".js"),
  );
}

function succeeds(env: NodeJS.ProcessEnv, program: string, ...words: string[]): boolean {
  return spawnSync(program, words, { env, stdio: "ignore" }).status === 0;
}
