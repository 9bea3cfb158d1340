/** The requests of a world with their responses, and expectations of them. */
import { journalCondition } from "./conditions.js";
import type { Control } from "./control.js";
import { ExpectationError } from "./errors.js";
import type { EntryDocument, ExpectationAnswer, OperationPattern } from "./generated.js";
import { now, sleep } from "./time.js";

/** A request with its response. */
export type Entry = EntryDocument;

/**
 * Values of a request by field: of the body, else of the query, else of the path. `__` leads to
 * inner fields: `messages__0__content`. A regular expression has to be found in the value.
 */
export type RequestConditions = Record<string, unknown>;

const MOST_ENTRIES = 1_000;
const DROPPED = "older requests, which could have changed the answer";
const MILLISECONDS_BETWEEN_LOOKS = 20;

export class Journal {
  constructor(
    private readonly control: Control,
    private readonly after = 0,
  ) {}

  /** The journal after the entry of a number, with the same methods. */
  since(number: number): Journal {
    return new Journal(this.control, number);
  }

  /** All matching requests, oldest first. */
  async all(operation?: OperationPattern, conditions?: RequestConditions): Promise<Entry[]> {
    if (!conditions || Object.keys(conditions).length === 0) return this.listed(operation);
    const { entries } = await this.check(operation, conditions);
    return Promise.all(entries.map((number) => this.entry(number)));
  }

  /** The number of matching requests. */
  async count(operation?: OperationPattern, conditions?: RequestConditions): Promise<number> {
    return (await this.check(operation, conditions)).entries.length;
  }

  /** The only matching request. Throws if there is none, or more than one. */
  async one(operation?: OperationPattern, conditions?: RequestConditions): Promise<Entry> {
    const [entry] = await this.expect(operation, { ...conditions, times: 1 });
    return entry as Entry;
  }

  /** The newest matching request. Throws if there is none. */
  async last(operation?: OperationPattern, conditions?: RequestConditions): Promise<Entry> {
    const met = await this.expect(operation, conditions);
    return met.at(-1) as Entry;
  }

  /** The request of a number, with the whole of its bodies and events. */
  entry(number: number): Promise<Entry> {
    return this.control.ask("control.journal.retrieve", { path: { number } });
  }

  /**
   * The matching requests. Throws an ExpectationError that shows what was received unless there
   * are as many as `times` says; without it, unless there is one.
   *
   *     await mock.journal.expect("agents.create", { times: 1, name: "support" });
   */
  async expect(
    operation?: OperationPattern,
    { times, ...conditions }: RequestConditions & { times?: number } = {},
  ): Promise<Entry[]> {
    const { met, message, entries } = await this.check(operation, conditions, times);
    if (!met) throw new ExpectationError(String(message));
    return Promise.all(entries.map((number) => this.entry(number)));
  }

  /** Throw an ExpectationError if there is a matching request. */
  async expectNone(operation?: OperationPattern, conditions?: RequestConditions): Promise<void> {
    await this.expect(operation, { ...conditions, times: 0 });
  }

  /**
   * The requests of some operations in this order, with others between them unless `strict`.
   * Throws an ExpectationError if they were not made.
   */
  async expectSequence(
    operations: OperationPattern[],
    { strict = false }: { strict?: boolean } = {},
  ): Promise<Entry[]> {
    const { met, message, entries } = await this.control.ask("control.journal.expect_sequence", {
      body: { operations, strict, since: this.after },
    });
    if (!met) throw new ExpectationError(String(message));
    return Promise.all(entries.map((number) => this.entry(number)));
  }

  /** The requests with a message that no rule of a strict script matched. */
  async unscripted(): Promise<Entry[]> {
    return (await this.listed()).filter((entry) => entry.unscripted !== null);
  }

  /**
   * The first matching request once it is finished, for apps that work in the background. Throws
   * an ExpectationError after `timeout` milliseconds.
   */
  async waitFor(
    operation?: OperationPattern,
    { timeout = 5_000, ...conditions }: RequestConditions & { timeout?: number } = {},
  ): Promise<Entry> {
    const end = now() + timeout;
    for (;;) {
      const { entries, message } = await this.check(operation, conditions);
      const entry = entries[0] === undefined ? undefined : await this.entry(entries[0]);
      if (entry && entry.duration !== null) return entry;
      if (now() > end) {
        throw new ExpectationError(`after ${timeout} ms: ${message ?? "it is not finished"}`);
      }
      await sleep(MILLISECONDS_BETWEEN_LOOKS);
    }
  }

  /** Remove all entries. Their numbers are not used again. */
  async clear(): Promise<void> {
    await this.control.ask("control.journal.delete");
  }

  /**
   * Wait until every response is complete, also those that a client has just left, for at most
   * `timeout` milliseconds.
   */
  async settle({ timeout = 2_000 }: { timeout?: number } = {}): Promise<void> {
    for (const end = now() + timeout; now() < end; ) {
      const { entries } = await this.control.ask("control.journal.list");
      if (entries.every(({ duration }) => duration !== null)) return;
      await sleep(MILLISECONDS_BETWEEN_LOOKS);
    }
  }

  private async check(
    operation: OperationPattern | undefined,
    conditions: RequestConditions = {},
    times?: number,
  ): Promise<ExpectationAnswer> {
    const given = Object.entries(conditions).map(([name, value]) => [name, journalCondition(value)]);
    const answer = await this.control.ask("control.journal.expect", {
      body: {
        ...(operation && { operation }),
        ...(times !== undefined && { times }),
        conditions: Object.fromEntries(given) as Record<string, unknown>,
        since: this.after,
      },
    });
    if (answer.missing > 0) {
      process.emitWarning(`The journal dropped ${answer.missing} ${DROPPED}`, "JournalIncomplete");
    }
    return answer;
  }

  private async listed(operation?: OperationPattern): Promise<Entry[]> {
    const found: Entry[] = [];
    for (let since = this.after; ; since = found.at(-1)?.number ?? since) {
      const { entries } = await this.control.ask("control.journal.list", {
        query: { ...(operation && { operation }), since, limit: MOST_ENTRIES, whole: true },
      });
      found.push(...entries);
      if (entries.length < MOST_ENTRIES) return found;
    }
  }
}
