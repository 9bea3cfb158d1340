import assert from "node:assert/strict";

import { Letta, NotFoundError } from "@letta-ai/letta-client";

import { all, failure, kinds, MODEL, said, story } from "../story.js";

async function begin(letta: Letta): Promise<string> {
  const memory = [{ label: "human", value: "Nothing is known." }];
  const agent = await letta.agents.create({ model: MODEL, memory_blocks: memory });
  return (await letta.conversations.create({ agent_id: agent.id })).id;
}

async function say(letta: Letta, conversation: string, text: string): Promise<string> {
  return said(await all(await letta.conversations.messages.create(conversation, { input: text })));
}

story("a conversation remembers what it was told, and only that", async (letta) => {
  const ann = await begin(letta);
  const { agent_id } = await letta.conversations.retrieve(ann);
  const bob = (await letta.conversations.create({ agent_id })).id;

  await say(letta, ann, "My name is Ann and I love pizza.");

  const question = "What's my name and favorite food?";
  assert.equal(await say(letta, ann, question), "Your name is Ann and you love pizza.");
  assert.doesNotMatch(await say(letta, bob, question), /Ann|pizza/);
});

story("a conversation is listed, renamed and deleted", async (letta) => {
  const id = await begin(letta);
  const { agent_id } = await letta.conversations.update(id, { summary: "About pizza" });

  const listed = await letta.conversations.list({ agent_id });

  assert.deepEqual(listed.map((one) => [one.id, one.summary]), [[id, "About pizza"]]);
  await letta.conversations.delete(id);
  await failure(NotFoundError, letta.conversations.retrieve(id));
});

story("what was said is in the list of messages", async (letta) => {
  const id = await begin(letta);
  await say(letta, id, "Say 'hello there'");

  const messages = await all(letta.conversations.messages.list(id, { order: "asc" }));

  assert.deepEqual(kinds(messages), ["system_message", "user_message", "assistant_message"]);
  assert.equal(said(messages), "hello there");
});

story("a fork goes its own way", async (letta) => {
  const id = await begin(letta);
  await say(letta, id, "My name is Ann.");
  const fork = await letta.conversations.fork(id);

  await say(letta, fork.id, "I love pizza.");

  assert.equal((await all(letta.conversations.messages.list(id))).length, 3);
  assert.equal((await all(letta.conversations.messages.list(fork.id))).length, 5);
  assert.match(await say(letta, fork.id, "What's my name?"), /Ann/);
});

story("compaction makes one message of many", async (letta, world) => {
  await world.script({ reply: [{ summary: "They met." }] });
  const id = await begin(letta);
  await say(letta, id, "Hello!");

  const done = await letta.conversations.messages.compact(id, { compaction_settings: { mode: "all" } });

  assert.equal(done.summary, "They met.");
  assert.deepEqual([done.num_messages_before, done.num_messages_after], [3, 2]);
});

story("a new system prompt holds when it is recompiled", async (letta) => {
  const id = await begin(letta);
  const { agent_id } = await letta.conversations.retrieve(id);
  await letta.agents.blocks.update("human", { agent_id, value: "Likes rain." });

  assert.match(await letta.conversations.recompile(id), /Likes rain\./);
});
