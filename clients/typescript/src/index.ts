/** A mock of the Letta server for tests. */
export type { Address } from "./control.js";
export { ExpectationError, MocklettaError } from "./errors.js";
export type { WorldEvent } from "./events.js";
export { type Fixtures, withMock, type TestOptions } from "./fixtures.js";
export type * from "./generated.js";
export type { Entry, RequestConditions } from "./journal.js";
export type { Mock } from "./mock.js";
export { mockletta, type MockOptions } from "./mockletta.js";
export type { Snapshot } from "./snapshots.js";
export type { Verdict } from "./verdict.js";
export type { Conditions, Text, When } from "./when.js";
