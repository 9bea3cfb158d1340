/** What goes wrong between a test and its mock. */

/** A request to the mock was refused, or no server can be used. The message says what to do. */
export class MocklettaError extends Error {
  override readonly name: string = "MocklettaError";

  /** The HTTP status, if a server answered. */
  declare readonly status?: number;

  constructor(message: string, status?: number) {
    super(message);
    if (status !== undefined) this.status = status;
  }
}

/** The app did not do what the test expects of it. */
export class ExpectationError extends Error {
  override readonly name: string = "ExpectationError";
}
