/** Fixtures for jest. */
import { type Fixtures, type TestOptions, withMock } from "./fixtures.js";

export { withMock };

type Body = (fixtures: Fixtures) => unknown;
type Define = (name: string, body: () => Promise<void>, timeout?: number) => void;
declare const test: Define & { only: Define; skip: Define };

/** Defines a test with a mock of its own. */
export interface MockTest {
  (name: string, body: Body, options?: TestOptions & { timeout?: number }): void;
}

function defining(define: () => Define): MockTest {
  return (name, body, { timeout, ...options } = {}) =>
    define()(name, withMock(options, body), timeout);
}

const mockTest: MockTest & { only: MockTest; skip: MockTest } = Object.assign(
  defining(() => test),
  { only: defining(() => test.only), skip: defining(() => test.skip) },
);

/** A test with a mock of its own: `test("greets", async ({ mock, letta }) => { ... })`. */
export { mockTest as test, mockTest as it };
