import assert from "node:assert/strict";

import { Letta } from "@letta-ai/letta-client";

import { all, MODEL, story } from "../story.js";

async function blocks(letta: Letta, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    ids.push((await letta.blocks.create({ label: "human", value: `${number}` })).id);
  }
  return ids;
}

const ids = (items: Iterable<{ id: string }>) => Array.from(items, (item) => item.id);

story("for await goes through all pages, forwards and backwards", async (letta) => {
  const made = await blocks(letta, 7);

  assert.deepEqual(ids(await all(letta.blocks.list({ limit: 3, order: "asc" }))), made);
  assert.deepEqual(ids(await all(letta.blocks.list({ limit: 3, order: "desc" }))), made.reverse());
});

story("a page knows whether there is a next one", async (letta) => {
  const made = await blocks(letta, 3);
  const first = await letta.blocks.list({ limit: 2, order: "asc" });

  const second = await first.getNextPage();

  assert.deepEqual([ids(first.items), ids(second.items)], [made.slice(0, 2), made.slice(2)]);
  assert.equal((await second.getNextPage()).hasNextPage(), false);
});

story("the items before a cursor are paged as well", async (letta) => {
  const made = await blocks(letta, 5);

  const found = await all(letta.blocks.list({ limit: 2, order: "asc", before: made[4] }));

  assert.deepEqual(ids(found).sort(), made.slice(0, 4).sort());
});

story("agents are paged", async (letta) => {
  for (let number = 0; number < 5; number++) await letta.agents.create({ model: MODEL });

  assert.equal(new Set(ids(await all(letta.agents.list({ limit: 2 })))).size, 5);
});

story("no message of a conversation is left out or repeated", async (letta, world) => {
  const agent = await letta.agents.create({ model: MODEL });
  const conversation = (await letta.conversations.create({ agent_id: agent.id })).id;
  for (const text of ["one", "two", "three"]) {
    await all(await letta.conversations.messages.create(conversation, { input: text }));
  }

  for (const order of ["asc", "desc"] as const) {
    const listed = await all(letta.conversations.messages.list(conversation, { limit: 2, order }));
    assert.equal(listed.length, 7);
    assert.equal(new Set(ids(listed)).size, 7);
  }
  assert.ok((await world.journal("conversations.messages.list")).length >= 8);
});
