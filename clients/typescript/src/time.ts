/** Time that a test with fake timers does not stop. */
import { setTimeout } from "node:timers/promises";

/** Milliseconds since some moment. */
export const now = performance.now.bind(performance);

/** Wait for some milliseconds. */
export const sleep = (milliseconds: number): Promise<void> => setTimeout(milliseconds);
