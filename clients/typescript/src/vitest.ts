/** Fixtures for vitest. */
import type { Letta } from "@letta-ai/letta-client";
import { test as base } from "vitest";

import { finish, type TestOptions } from "./fixtures.js";
import type { Mock } from "./mock.js";
import { mockletta } from "./mockletta.js";

/** A test with a mock of its own: `test("greets", async ({ mock, letta }) => { ... })`. */
export const test = base.extend<{ mockOptions: TestOptions; mock: Mock; letta: Letta }>({
  mockOptions: {},
  mock: async ({ mockOptions, task }, use) => {
    const mock = await mockletta(mockOptions);
    await use(mock);
    const { mode, result } = task;
    const ended = result?.state === "fail" ? "failed" : "passed";
    await finish(mock, mockOptions, mode === "skip" ? "skipped" : ended);
  },
  letta: async ({ mock }, use) => {
    await use(mock.client());
  },
});
export const it = test;
