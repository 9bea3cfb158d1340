/** A story: a world of its own, the SDK's client of it, and what a test author does with the world. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Letta } from "@letta-ai/letta-client";

export const MODEL = "openai/gpt-4o-mini";

const { LETTA_BASE_URL = "", TYPESCRIPT_SDK } = process.env;

/**
 * Tell a story under its name, which is the API key of its world as well.
 *
 * One that asks an older SDK for what it lacks is left out: that is a TypeError.
 */
export function story(name: string, tell: (letta: Letta, world: World) => Promise<void>): void {
  test(name, { timeout: 120_000 }, (context) =>
    tell(client(name), new World(name)).catch((error: unknown) => {
      if (!TYPESCRIPT_SDK || !(error instanceof TypeError)) throw error;
      context.skip(error.message);
    }),
  );
}

/** A client whose failures are thrown at once, not tried again. */
export function client(key: string, maxRetries = 0): Letta {
  return new Letta({ baseURL: LETTA_BASE_URL, apiKey: key, maxRetries });
}

/** The control API for the world of a key. */
export class World {
  constructor(readonly key: string) {}

  /** Reply by these rules; the default brain replies where none does. */
  async script(...replies: object[]): Promise<void> {
    await this.ask("PUT", "script", { replies });
  }

  async fault(fault: object): Promise<void> {
    await this.ask("POST", "faults", fault);
  }

  async clock(change: object): Promise<void> {
    await this.ask("PUT", "clock", change);
  }

  async verdict(): Promise<{ findings: { name: string }[]; text: string }> {
    return this.ask("GET", "verdict");
  }

  /** The requests of an operation, oldest first. */
  async journal(operation: string): Promise<Entry[]> {
    return (await this.ask("GET", `journal?operation=${operation}`)).entries;
  }

  private async ask(method: string, path: string, body?: object): Promise<any> {
    const headers = { authorization: `Bearer ${this.key}`, "content-type": "application/json" };
    const asked = { method, headers, body: body && JSON.stringify(body) };
    const response = await fetch(`${LETTA_BASE_URL}/_mockletta/${path}`, asked);
    const answer = await response.json();
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  }
}

/** A request as the journal tells of it. */
export interface Entry {
  body: Record<string, unknown>;
  headers: Record<string, string>;
  query: Record<string, string>;
  retry_count: number;
  status: number;
}

/** All that an iterable yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The error that a promise is rejected with, which has to be of a class. */
export async function failure<T>(
  kind: abstract new (...given: any[]) => T,
  promise: PromiseLike<unknown>,
): Promise<T> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof kind, `no ${kind.name}, but ${outcome}`);
  return outcome;
}

/** The kinds of messages or events. */
export function kinds(messages: Iterable<{ message_type?: string }>): unknown[] {
  return Array.from(messages, (message) => message.message_type);
}

/** What the agent says in messages or events. */
export function said(messages: Iterable<object>): string {
  return Array.from(messages, (message) =>
    "message_type" in message && message.message_type === "assistant_message" && "content" in message
      ? String(message.content)
      : "",
  ).join("");
}
