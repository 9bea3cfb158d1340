#!/usr/bin/env node
/** The command `mockletta`: passes its arguments on to the server's own command. */
import { spawn } from "node:child_process";

import { MocklettaError } from "./errors.js";
import { findProgram, IMAGE } from "./programs.js";

const PUBLISHED = ["--publish", "127.0.0.1:8283:8283", "--env", "MOCKLETTA_HOST=0.0.0.0"];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function run(): void {
  const { command, isImage } = findProgram();
  const words = isImage ? [...command, ...PUBLISHED, IMAGE] : command;
  const child = spawn(words[0] ?? "", [...words.slice(1), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", fail);
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
}

try {
  run();
} catch (error) {
  if (!(error instanceof MocklettaError)) throw error;
  fail(error);
}
