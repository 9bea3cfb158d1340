/** What a test gets, and what is checked at its end. */
import type { Letta } from "@letta-ai/letta-client";

import { ExpectationError } from "./errors.js";
import type { Mock } from "./mock.js";
import { mockletta, type MockOptions } from "./mockletta.js";

/** What a test gets: a mock with a world of its own, and a client of it. */
export interface Fixtures {
  mock: Mock;
  letta: Letta;
}

export interface TestOptions extends MockOptions {
  /** Whether the test may leave expectations unmet. */
  relaxed?: boolean;
}

type Outcome = "passed" | "failed" | "skipped";
type Body<Given extends unknown[]> = (fixtures: Fixtures, ...given: Given) => unknown;
type Test<Given extends unknown[]> = (...given: Given) => Promise<void>;
const HAPPENED = "What happened in the mock:";
const UNMET = "The test passed, but left expectations unmet. The option `relaxed` allows that.";

/**
 * Give a test a mock, for any runner. The test fails if it leaves rules or faults unused, and a
 * failing one shows the requests and the conversations of its mock. What the runner gives to the
 * test comes after the fixtures.
 *
 *     test("greets", withMock(async ({ mock, letta }) => { ... }));
 */
export function withMock<Given extends unknown[]>(body: Body<Given>): Test<Given>;
export function withMock<Given extends unknown[]>(
  options: TestOptions,
  body: Body<Given>,
): Test<Given>;
export function withMock<Given extends unknown[]>(
  first: TestOptions | Body<Given>,
  second?: Body<Given>,
): Test<Given> {
  const [options, body] = typeof first === "function" ? [{}, first] : [first, second];
  return async (...given) => {
    const mock = await mockletta(options);
    try {
      await body?.(fixturesOf(mock), ...given);
    } catch (error) {
      throw withReport(error, await lastWords(mock));
    }
    await finish(mock, options, "passed");
  };
}

/**
 * Close a mock at the end of a test. Throws an ExpectationError if the test left expectations
 * unmet, and if it failed, to show what happened.
 */
export async function finish(mock: Mock, options: TestOptions, outcome: Outcome): Promise<void> {
  const unmet = outcome === "passed" && !options.relaxed ? await mock.unmet() : [];
  const report = await lastWords(mock);
  if (unmet.length > 0) throw aboutTheTest([UNMET, ...unmet, report]);
  if (outcome === "failed" && report) throw aboutTheTest([HAPPENED, report]);
}

/** The fixtures. The client is made when it is asked for: a test without the SDK needs none. */
function fixturesOf(mock: Mock): Fixtures {
  return {
    mock,
    get letta() {
      return mock.client();
    },
  };
}

/** Close a mock and return its report; nothing if the server is gone, as another error says. */
async function lastWords(mock: Mock): Promise<string> {
  try {
    return await mock.report();
  } catch {
    return "";
  } finally {
    await mock.close().catch(() => undefined);
  }
}

/** An error about a whole test: no line is to blame. */
function aboutTheTest(paragraphs: string[]): ExpectationError {
  const error = new ExpectationError(paragraphs.join("\n\n"));
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** Add a report to the message of an error, and to its stack, which repeats the message. */
function withReport(error: unknown, report: string): unknown {
  if (!(error instanceof Error) || report === "") return error;
  const frames = /\n    at .*/s.exec(error.stack ?? "")?.[0] ?? "";
  error.message = `${error.message}\n\n${report}\n`;
  error.stack = `${error.name}: ${error.message}${frames}`;
  return error;
}
