/** Requests, faults and the verdict. */
import { RateLimitError } from "@letta-ai/letta-client";
import { expect, vi } from "vitest";

import { ExpectationError } from "mockletta";
import { test } from "mockletta/vitest";
import { ask, MODEL } from "./agents.js";

test("requests are expected, with expressions as conditions", async ({ mock, letta }) => {
  await ask(letta, "Hello!");
  const { journal } = mock;

  await journal.expect("agents.create", { times: 1, name: "support" });
  await journal.expect("agents.*", { input: /^HELLO/i });
  await journal.expectNone("agents.delete");
  await journal.expectSequence(["agents.create", "agents.messages.create"], { strict: true });
  expect(await journal.count()).toBe(2);
  expect((await journal.one("agents.create")).body.name).toBe("support");
  expect((await journal.last()).operation).toBe("agents.messages.create");
  expect((await journal.all("agents.*", { name: "support" })).map(({ number }) => number)).toEqual([1]);
  expect((await journal.all()).map(({ number }) => number)).toEqual([1, 2]);
  expect(await journal.since(1).count()).toBe(1);
});

test("an expectation that is not met shows what was received", async ({ mock, letta }) => {
  await letta.agents.create({ name: "support", model: MODEL });
  const failed = mock.journal.expect("agents.create", { name: "suport" });

  await expect(failed).rejects.toThrow(ExpectationError);
  await expect(failed).rejects.toThrow("name: expected 'suport', was 'support'");
  await expect(mock.journal.expectSequence(["agents.list"])).rejects.toThrow("agents.list");
});

test("a request of an app in the background is waited for", async ({ mock, letta }) => {
  const waited = mock.journal.waitFor("agents.create", { name: "later" });
  await letta.agents.create({ name: "later", model: MODEL });

  expect((await waited).status).toBe(200);
  const never = mock.journal.waitFor("agents.delete", { timeout: 1 });
  await expect(never).rejects.toThrow("after 1 ms: expected at least 1 request: agents.delete");
});

test("fake timers and a fake fetch leave the mock alone", async ({ mock, letta }) => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => Promise.reject(new Error("fetch is fake")));
  const never = mock.journal.waitFor("agents.delete", { timeout: 50 });
  await expect(never).rejects.toThrow("after 50 ms");
  vi.useRealTimers();
  vi.unstubAllGlobals();

  expect((await letta.agents.list()).items).toEqual([]);
});

test("messages without a rule are listed", async ({ mock, letta }) => {
  await mock.script.replace({ replies: [], otherwise: "strict" });
  await expect(ask(letta, "Hello!")).rejects.toThrow("No rule matches");

  const [entry] = await mock.journal.unscripted();
  expect(entry?.unscripted).toContain("No rule matches");
  expect(await mock.unmet()).toHaveLength(1);
  await mock.journal.clear();
});

test("a fault is planned, applied and listed", async ({ mock, letta }) => {
  await mock.faults.add("agents.list", { status: 429, retry_after: 0, times: 2 });
  await mock.faults.add(["agents.create", "blocks.*"], { missing: true, times: "always" });
  expect(await mock.faults.unfired()).toHaveLength(2);
  await mock.faults.remove(2);

  await letta.agents.list(); // the SDK tries again
  expect(await mock.faults.list()).toMatchObject([{ on: "agents.list", matched: 2, fired: 2 }]);
  expect(await mock.faults.unfired()).toEqual([]);
  await mock.faults.clear();
  expect((await mock.faults.kinds()).kinds.map(({ kind }) => kind)).toContain("truncate");
});

test("a stream that the app leaves is in the verdict", async ({ mock, letta }) => {
  const agent = await letta.agents.create({ model: MODEL });
  const { id } = await letta.conversations.create({ agent_id: agent.id });
  await mock.pace.set({ tokens_per_second: 1 });
  await mock.when("story").say("It takes a while to tell it to the end.");
  const stream = await letta.conversations.messages.create(id, { input: "story", stream_tokens: true });
  for await (const _ of stream) break;

  const { findings } = await mock.verdict();
  expect(findings.map(({ name }) => name)).toEqual(["stream-not-read-to-end"]);
});

test("a verdict says what the app did wrong", async ({ mock }) => {
  const letta = mock.client({ maxRetries: 0 });
  await mock.faults.add("agents.list", { status: 429, retry_after: 30 });
  await expect(letta.agents.list()).rejects.toBeInstanceOf(RateLimitError);
  await letta.agents.list(); // at once, though it was asked to wait

  const verdict = await mock.verdict();
  expect(verdict.findings.map(({ name }) => name)).toEqual(["retry-after-ignored"]);
  expect(() => verdict.assertClean()).toThrow("the client did 1 thing wrong");
  await expect(mock.verdict().assertClean()).rejects.toThrow(ExpectationError);
  await mock.verdict({ allow: ["retry-after-ignored"] }).assertClean();
});
