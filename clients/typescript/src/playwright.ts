/** Fixtures for Playwright. */
import type { Letta } from "@letta-ai/letta-client";
import { test as base } from "@playwright/test";

import { finish, type TestOptions } from "./fixtures.js";
import type { Mock } from "./mock.js";
import { mockletta } from "./mockletta.js";

/** A test with a mock of its own: `test("greets", async ({ page, mock, letta }) => { ... })`. */
export const test = base.extend<{ mockOptions: TestOptions; mock: Mock; letta: Letta }>({
  mockOptions: [{}, { option: true }],
  mock: async ({ mockOptions }, use, testInfo) => {
    const mock = await mockletta(mockOptions);
    await use(mock);
    const { status, expectedStatus } = testInfo;
    const ended = status === expectedStatus ? "passed" : "failed";
    await finish(mock, mockOptions, status === "skipped" ? "skipped" : ended);
  },
  letta: async ({ mock }, use) => {
    await use(mock.client());
  },
});
