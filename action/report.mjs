// At the end of the job: prints the verdict and the journal, and stops the server.

import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";

const { STATE_pid: pid, STATE_python: python, STATE_url: url, STATE_log: log } = process.env;
if (!pid) process.exit(0);

function mockletta(...words) {
  const done = spawnSync(python, ["-m", "mockletta", ...words, "--url", url], { encoding: "utf-8" });
  return { text: (done.stdout + done.stderr).trim(), failed: done.status !== 0 };
}

const verdict = mockletta("verdict");
const journal = mockletta("journal");
console.log(`::group::verdict\n${verdict.text}\n::endgroup::`);
console.log(`::group::journal\n${journal.text}\n::endgroup::`);
console.log(`::group::log\n${readFileSync(log, "utf-8").trim()}\n::endgroup::`);
if (process.env.GITHUB_STEP_SUMMARY) {
  const fenced = ["## mockletta", "", "```text", verdict.text, "```", ""].join("\n");
  appendFileSync(process.env.GITHUB_STEP_SUMMARY, fenced);
}

// Whether the server takes connections no more, after some seconds at most.
async function stopped() {
  for (let left = 200; left > 0; left -= 1) {
    if (await fetch(`${url}/v1/health/`).then(() => false, () => true)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

try {
  process.kill(Number(pid), "SIGTERM");
  if (!(await stopped())) console.log("::warning::the server did not stop");
} catch {
  console.log("::warning::the server had stopped before the job ended");
}
if (verdict.failed && process.env["INPUT_FAIL-ON-FINDINGS"] === "true") {
  console.log("::error::the verdict of mockletta has findings");
  process.exitCode = 1;
}
