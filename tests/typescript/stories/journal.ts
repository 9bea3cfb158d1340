import assert from "node:assert/strict";

import { MODEL, story } from "../story.js";

story("the journal shows what the SDK sent", async (letta, world) => {
  await letta.agents.create({ name: "support", model: MODEL });

  const [entry, ...more] = await world.journal("agents.create");

  assert.deepEqual(more, []);
  assert.deepEqual(entry?.body, { name: "support", model: MODEL });
  assert.equal(entry?.headers["x-stainless-lang"], "js");
});

story("lists in a query reach the server as lists", async (letta, world) => {
  const agent = await letta.agents.create({ model: MODEL, tags: ["a"] });

  const read = await letta.agents.retrieve(agent.id, { include: ["agent.tags", "agent.tools"] });

  assert.deepEqual(read.tags, ["a"]);
  assert.ok(read.tools.length > 0);
});

story("the verdict finds nothing wrong with the SDK", async (letta, world) => {
  const agent = await letta.agents.create({ model: MODEL });
  await letta.agents.messages.create(agent.id, { input: "Hello!" });

  assert.deepEqual((await world.verdict()).findings, []);
});
