import assert from "node:assert/strict";

import { Letta, toFile } from "@letta-ai/letta-client";

import { all, MODEL, said, story } from "../story.js";

story("an agent that was exported is imported again", async (letta) => {
  const memory = [{ label: "human", value: "Ann" }];
  const agent = await letta.agents.create({ name: "support", model: MODEL, memory_blocks: memory });
  const exported: unknown = await letta.agents.exportFile(agent.id);
  const text = typeof exported === "string" ? exported : JSON.stringify(exported);

  const file = await toFile(Buffer.from(text), "support.af");
  const { agent_ids } = await letta.agents.importFile({ file });

  const copy = await letta.agents.retrieve(agent_ids[0]!, { include: ["agent.blocks"] });
  assert.deepEqual([copy.name, copy.blocks[0]?.value], ["support_copy", "Ann"]);
});

story("a scheduled message is sent when its time has come", async (letta, world) => {
  await world.clock({ freeze: "2026-01-01T00:00:00Z" });
  const agent = await letta.agents.create({ model: MODEL });
  const schedule = { type: "one-time" as const, scheduled_at: Date.UTC(2026, 0, 1, 1) };
  const messages = [{ role: "user" as const, content: "Say 'awake'" }];
  await letta.agents.schedule.create(agent.id, { messages, schedule });

  await world.clock({ advance: 3_600 });

  assert.equal(said(await all(letta.agents.messages.list(agent.id))), "awake");
  const { scheduled_messages: rows } = await letta.agents.schedule.list(agent.id);
  assert.deepEqual(rows.map((row) => row.next_scheduled_time), [null]);
});

story("messages are searched over all agents", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });
  await letta.agents.messages.create(agent.id, { input: "I like submarines." });

  const found = await letta.messages.search({ query: "submarines" });

  assert.ok(found.some((one) => one.message_type === "user_message"));
});

story("tags are those of agents", async (letta) => {
  await letta.agents.create({ model: MODEL, tags: ["b", "a"] });

  assert.deepEqual(await letta.tags.list(), ["a", "b"]);
});

story("steps tell what they took, and take feedback", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });
  await letta.agents.messages.create(agent.id, { input: "Hello!" });
  const [step] = await all(letta.steps.list({ agent_id: agent.id }));
  assert.ok(step);

  const judged: Letta.Step = await letta.steps.feedback.create(step.id, { feedback: "positive" });

  assert.equal(judged.feedback, "positive");
  assert.equal((await letta.steps.metrics.retrieve(step.id)).id, step.id);
  assert.ok(await letta.steps.trace.retrieve(step.id));
});
