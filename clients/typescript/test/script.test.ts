/** Scripted replies. */
import { expect } from "vitest";

import { MocklettaError } from "mockletta";
import { test } from "mockletta/vitest";
import { ask, MODEL } from "./agents.js";

test("a rule calls a tool and says what it returned", async ({ mock, letta }) => {
  await mock
    .when("weather in {city}")
    .think("The user asks.")
    .call("get_weather", { city: "{{ city }}" }, { returns: "18 degrees" })
    .say("It is {{ returned }} in {{ city }}.");

  expect(await ask(letta, "What is the weather in Paris?")).toBe("It is 18 degrees in Paris.");
});

test("an expression of JavaScript matches, with its names and flags", async ({ mock, letta }) => {
  await mock.when(/^book (?<item>\w+)\/(?<number>\d+)$/i).say("{{ number }} of {{ item }}");

  expect(await ask(letta, "BOOK chairs/4")).toBe("4 of chairs");
});

test("replies follow each other", async ({ mock, letta }) => {
  await mock.when("story", { then: "cycle" }).say("Once.").andThen().say("The end.");
  const agent = await letta.agents.create({ model: MODEL });
  const { id } = await letta.conversations.create({ agent_id: agent.id });
  const told: unknown[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const stream = await letta.conversations.messages.create(id, { input: "story" });
    for await (const event of stream) {
      if (event.message_type === "assistant_message") told.push(event.content);
    }
  }

  expect(told).toEqual(["Once.", "The end.", "Once."]);
});

test("conditions need no text", async ({ mock, letta }) => {
  await mock.when({ agent: "sales", turn: 1 }).say("Welcome!");
  await mock.when({ exact: "hi" }).times(1).say("Hello.");

  expect(await ask(letta, "hi", "sales")).toBe("Welcome!");
  expect(await ask(letta, "hi", "support")).toBe("Hello.");
});

test("every verb adds its item", async ({ mock }) => {
  await mock.when("a").calls({ call: "one" }, { call: "two" }).say("x", { ttft: "1ms" });
  await mock.when("b").edit("human", { insert: "Ann" }).usage({ prompt_tokens: 5 }).stop();
  await mock.when("c").wait("1ms").event({ any: 1 }).fault({ truncate: 4 }).say("y");
  await mock.when("d").fail("rate_limit");
  await mock.when("e").summary("They talked.");
  const { rules, otherwise } = await mock.script.retrieve();

  expect(rules.map(({ rule }) => rule.reply)).toEqual([
    [{ calls: [{ call: "one" }, { call: "two" }] }, { say: "x", ttft: 0.001 }],
    [{ edit: "human", insert: "Ann" }, { usage: { prompt_tokens: 5 } }, { stop: "end_turn" }],
    [{ wait: 0.001 }, { event: { any: 1 } }, { fault: { truncate: 4 } }, { say: "y" }],
    [{ fail: "rate_limit" }],
    [{ summary: "They talked." }],
  ]);
  expect(otherwise).toBe("default");
  await mock.reset();
});

test("a script is replaced, loaded, checked and added to", async ({ mock, letta }) => {
  await mock.script.replace({ replies: [{ when: "one", reply: "1" }], otherwise: "echo" });
  await mock.script.add({ when: "two", reply: [{ say: "2" }] });
  expect(await ask(letta, "one")).toBe("1");
  expect(await ask(letta, "two")).toBe("2");

  await mock.script.load("replies: [{when: three, reply: '3'}]");
  expect(await ask(letta, "three")).toBe("3");
  const [problem] = await mock.script.check("replies: [{wen: x, reply: y}]");
  expect(problem).toMatchObject({ level: "error", line: 1 });
});

test("a bad rule is refused in the server's words", async ({ mock }) => {
  const refused = mock.when("hi").say("{{ nmae }}");

  await expect(refused).rejects.toThrow(MocklettaError);
  await expect(refused).rejects.toThrow("the template '{{ nmae }}' reads an unknown `nmae`");
});

test("a rule that has been added does not change", async ({ mock, letta }) => {
  const rule = mock.when("hi").say("Hello.");
  await rule;

  expect(() => rule.say("again")).toThrow("it cannot change any more");
  expect(() => mock.when("x").andThen()).toThrow("expected a reply before");
  expect(await ask(letta, "hi")).toBe("Hello.");
  expect(await mock.unmet()).toEqual([
    'when({"text":"x"}) was not awaited, so it was never added',
  ]);
  await mock.reset();
});
