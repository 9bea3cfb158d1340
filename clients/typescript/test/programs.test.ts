/** Where the server is found. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";

import { findProgram } from "../src/programs.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mockletta-test-"));
});

/** Put a program into a folder: a shell script. */
function program(place: string, name: string, script = "exit 0"): string {
  const file = join(folder, place, name);
  mkdirSync(join(folder, place), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("the PATH comes before an active virtual environment, that before python3", () => {
  const onPath = program("path", "mockletta");
  const ofVenv = program("venv/bin", "mockletta");
  program("python", "python3");
  const PATH = `${join(folder, "path")}:${join(folder, "python")}`;
  const VIRTUAL_ENV = join(folder, "venv");

  expect(findProgram({ PATH, VIRTUAL_ENV }).command).toEqual([onPath]);
  const python = join(folder, "python");
  expect(findProgram({ PATH: python, VIRTUAL_ENV }).command).toEqual([ofVenv]);
  expect(findProgram({ PATH: python }).command).toEqual(["python3", "-m", "mockletta"]);
});

test("npm's program of the same name is not the server", () => {
  program("node_modules/.bin", "mockletta");
  const python = program("venv/bin", "mockletta");
  const PATH = join(folder, "node_modules/.bin");

  expect(findProgram({ PATH, VIRTUAL_ENV: join(folder, "venv") }).command).toEqual([python]);
});

test("a local image is used if there is no package", () => {
  program("bin", "docker", 'test "$*" = "image inspect mockletta"');

  const { command, isImage } = findProgram({ PATH: join(folder, "bin") });
  expect([command.slice(0, 2), isImage]).toEqual([["docker", "run"], true]);
});

test("without a server an error says how to get one", () => {
  expect(() => findProgram({ PATH: folder })).toThrow("pip install .");
});

test("the command of the package passes its arguments on", () => {
  program("bin", "mockletta", 'echo "$@"; exit 3');
  const env = { ...process.env, PATH: `${join(folder, "bin")}:/bin` };
  const run = () =>
    execFileSync(process.execPath, ["dist/esm/cli.js", "serve", "--port", "0"], { env });

  expect(run).toThrow(expect.objectContaining({ status: 3, stdout: Buffer.from("serve --port 0\n") }));
});
