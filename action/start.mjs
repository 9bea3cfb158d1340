// Installs mockletta, starts it, and sets the variables with which SDKs find it.

import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const env = process.env;
const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
const note = (file, name, value) => env[file] && appendFileSync(env[file], `${name}=${value}\n`);

function run(command, ...words) {
  const done = spawnSync(command, words, { stdio: "inherit" });
  if (done.status !== 0) {
    console.log(`::error::${[command, ...words].join(" ")} failed`);
    process.exit(1);
  }
}

// What to install: the action's own checkout, or another version of its repository.
function source() {
  const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
  const version = input("version");
  return version
    ? `git+${env.GITHUB_SERVER_URL}/${env.GITHUB_ACTION_REPOSITORY}@${version}`
    : checkout;
}

// `MOCKLETTA_ACTION_PYTHON` is a Python that has mockletta already.
function installed() {
  if (env.MOCKLETTA_ACTION_PYTHON) return env.MOCKLETTA_ACTION_PYTHON;
  const home = join(env.RUNNER_TEMP ?? tmpdir(), "mockletta");
  run(input("python") || "python3", "-m", "venv", home);
  const python = join(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  run(python, "-m", "pip", "install", "--quiet", source());
  return python;
}

const python = installed();
const port = input("port") || "8283";
const url = `http://127.0.0.1:${port}`;
const words = ["serve", "--port", port];
for (const name of ["seed", "script"]) if (input(name)) words.push(`--${name}`, input(name));
words.push(...(input("options").match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, "$2")));

const log = join(env.RUNNER_TEMP ?? tmpdir(), "mockletta.log");
const output = openSync(log, "w");
const server = spawn(python, ["-m", "mockletta", ...words], { detached: true, stdio: ["ignore", output, output] });
const waiting = spawn(python, ["-m", "mockletta", "wait", "--url", url], { stdio: "inherit" });
const failure = await new Promise((resolve) => {
  server.on("exit", (code) => resolve(`the server ended with ${code}`));
  waiting.on("exit", (code) => resolve(code === 0 ? null : "the server does not answer"));
});
if (failure) {
  waiting.kill();
  console.log(readFileSync(log, "utf-8"));
  console.log(`::error::${failure}`);
  process.exit(1);
}
server.unref();
note("GITHUB_STATE", "pid", server.pid);
note("GITHUB_STATE", "python", python);
note("GITHUB_STATE", "url", url);
note("GITHUB_STATE", "log", log);

note("GITHUB_ENV", "LETTA_BASE_URL", url);
note("GITHUB_ENV", "LETTA_API_KEY", "any");
note("GITHUB_ENV", "MOCKLETTA_URL", url);
note("GITHUB_OUTPUT", "url", url);
console.log(`mockletta at ${url}`);
