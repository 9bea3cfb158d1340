/** The verdict on an app: what it did wrong with the responses it got. */
import { ExpectationError } from "./errors.js";
import type { FindingDocument, FindingName, VerdictDocument } from "./generated.js";

export class Verdict {
  /** Whether nothing is wrong. */
  readonly clean: boolean;
  readonly findings: FindingDocument[];
  /** What an app may want to know, though nothing is wrong. */
  readonly notes: FindingDocument[];
  /** The report. */
  readonly text: string;

  constructor({ clean, findings, notes, text }: VerdictDocument) {
    this.clean = clean;
    this.findings = findings;
    this.notes = notes;
    this.text = text;
  }

  /** Throw an ExpectationError with the report if the app did something wrong. */
  assertClean(): void {
    if (!this.clean) throw new ExpectationError(this.text);
  }

  toString(): string {
    return this.text;
  }
}

/** A verdict that is under way. It can be asserted at once: `await mock.verdict().assertClean()`. */
export class PendingVerdict implements PromiseLike<Verdict> {
  constructor(private readonly judge: () => Promise<Verdict>) {}

  /** Reject with an ExpectationError if the app did something wrong. */
  async assertClean(): Promise<void> {
    (await this.judge()).assertClean();
  }

  then<Done = Verdict, Failed = never>(
    done?: ((verdict: Verdict) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.judge().then(done, failed);
  }
}

export type { FindingName };
