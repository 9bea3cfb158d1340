import assert from "node:assert/strict";

import { NotFoundError } from "@letta-ai/letta-client";

import { all, failure, MODEL, story } from "../story.js";

story("a block is made, found, changed and deleted", async (letta) => {
  const made = await letta.blocks.create({ label: "human", value: "Ann", tags: ["vip"] });

  const changed = await letta.blocks.update(made.id, { value: "Bob", read_only: true });

  assert.deepEqual(changed, await letta.blocks.retrieve(made.id));
  assert.deepEqual([changed.value, changed.read_only, changed.tags], ["Bob", true, ["vip"]]);
  assert.deepEqual(await all(letta.blocks.list({ label: "human" })), [changed]);
  await letta.blocks.delete(made.id);
  await failure(NotFoundError, letta.blocks.retrieve(made.id));
});

story("a block that is attached is an agent's memory", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });
  const block = await letta.blocks.create({ label: "team", value: "Standup is at 9." });

  const attached = await letta.agents.blocks.attach(block.id, { agent_id: agent.id });

  assert.deepEqual(attached.memory.blocks.map((one) => one.id), [block.id]);
  assert.deepEqual((await all(letta.blocks.agents.list(block.id))).map((one) => one.id), [agent.id]);
  const changed = await letta.agents.blocks.update("team", { agent_id: agent.id, value: "At 10." });
  assert.equal((await letta.blocks.retrieve(block.id)).value, changed.value);
  await letta.agents.blocks.detach(block.id, { agent_id: agent.id });
  assert.deepEqual(await all(letta.agents.blocks.list(agent.id)), []);
});

story("an agent writes into its memory, and other conversations read it", async (letta) => {
  const memory = [{ label: "human", value: "The user is Ann." }];
  const agent = await letta.agents.create({ model: MODEL, memory_blocks: memory });
  const conversation = await letta.conversations.create({ agent_id: agent.id });

  const input = "Please update your core memory to note that the deadline is Friday.";
  await all(await letta.conversations.messages.create(conversation.id, { input }));

  const block = await letta.agents.blocks.retrieve("human", { agent_id: agent.id });
  assert.match(block.value, /The deadline is Friday\./);
});
