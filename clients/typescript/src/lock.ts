/** A lock between processes: a file with the id of its holder. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

import { sleep } from "./time.js";

const MILLISECONDS_BETWEEN_TRIES = 20;

/** Do something while no other process does. The lock of a process that has ended does not count. */
export async function locked<T>(file: string, action: () => Promise<T>): Promise<T> {
  while (!take(file)) {
    if (!holderIsAlive(file)) rmSync(file, { force: true });
    await sleep(MILLISECONDS_BETWEEN_TRIES);
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** Whether the holder runs. A file that is gone, or not written yet, is somebody's. */
function holderIsAlive(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    if (holder === 0) return true;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
