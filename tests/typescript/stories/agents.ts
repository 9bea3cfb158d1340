import assert from "node:assert/strict";

import { NotFoundError } from "@letta-ai/letta-client";

import { all, failure, MODEL, story } from "../story.js";

story("an agent is made, read, changed and deleted", async (letta) => {
  const memory = [{ label: "human", value: "The user is Ann." }];
  const made = await letta.agents.create({ name: "support", model: MODEL, memory_blocks: memory });

  await letta.agents.update(made.id, { description: "Helps.", tags: ["vip"] });
  const read = await letta.agents.retrieve(made.id, { include: ["agent.blocks", "agent.tags"] });

  assert.deepEqual(
    [read.id, read.name, read.description, read.tags, read.blocks.map((block) => block.value)],
    [made.id, "support", "Helps.", ["vip"], ["The user is Ann."]],
  );
  await letta.agents.delete(made.id);
  await failure(NotFoundError, letta.agents.retrieve(made.id));
});

story("agents are found by name and by tag", async (letta) => {
  await letta.agents.create({ name: "one", model: MODEL, tags: ["a"] });
  await letta.agents.create({ name: "two", model: MODEL, tags: ["a", "b"] });

  const named = await all(letta.agents.list({ name: "one" }));
  const tagged = await all(letta.agents.list({ tags: ["a", "b"], match_all_tags: true }));

  assert.deepEqual(named.map((agent) => agent.name), ["one"]);
  assert.deepEqual(tagged.map((agent) => agent.name), ["two"]);
});

story("an agent answers a message as JSON", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });

  const answer = await letta.agents.messages.create(agent.id, { input: "Say 'one two'" });

  assert.equal(answer.stop_reason.stop_reason, "end_turn");
  assert.equal(answer.usage.step_count, 1);
  const [message] = answer.messages;
  assert.ok(message?.message_type === "assistant_message");
  assert.equal(message.content, "one two");
});

story("an asynchronous run comes to its end", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });

  let run = await letta.agents.messages.createAsync(agent.id, { input: "Say 'done'" });
  while (run.status === "created" || run.status === "running") {
    run = await letta.runs.retrieve(run.id);
  }

  assert.deepEqual([run.status, run.stop_reason], ["completed", "end_turn"]);
  const [step] = await all(letta.runs.steps.list(run.id));
  assert.equal(step?.run_id, run.id);
  assert.equal((await letta.runs.usage.retrieve(run.id)).total_tokens, step?.total_tokens);
});

story("each world has its own agents", async (letta) => {
  assert.deepEqual(await all(letta.agents.list()), []);
});

story("the server says that it is well and which models it has", async (letta) => {
  assert.equal((await letta.health()).status, "ok");
  const models = await letta.models.list();
  assert.ok(models.some((model) => model.handle === MODEL));
  assert.ok((await letta.models.embeddings.list()).length > 0);
});
