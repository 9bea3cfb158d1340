import assert from "node:assert/strict";

import { all, MODEL, story } from "../story.js";

const embedding = "openai/text-embedding-3-small";

story("an agent's passages are found by their words and tags", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL, embedding });
  await letta.agents.passages.create(agent.id, { text: "Bananas are yellow", tags: ["fruit"] });
  await letta.agents.passages.create(agent.id, { text: "The moon is grey", tags: ["fact"] });

  const moon = await letta.agents.passages.search(agent.id, { query: "moon" });
  const fruit = await letta.agents.passages.search(agent.id, { query: "yellow", tags: ["fruit"] });

  assert.equal(moon.results[0]?.content, "The moon is grey");
  assert.deepEqual(fruit.results.map((one) => one.content), ["Bananas are yellow"]);
  assert.equal((await letta.agents.passages.list(agent.id)).length, 2);
});

story("an archive is shared by agents", async (letta) => {
  const archive = await letta.archives.create({ name: "facts", embedding });
  const [one, two] = [await letta.agents.create({ model: MODEL }), await letta.agents.create({ model: MODEL })];
  for (const { id } of [one, two]) await letta.agents.archives.attach(archive.id, { agent_id: id });

  await letta.archives.passages.createMany(archive.id, { passages: [{ text: "a" }, { text: "b" }] });

  const read = await letta.agents.passages.list(two.id);
  assert.deepEqual(read.map((passage) => passage.text), ["a", "b"]);
  assert.deepEqual((await all(letta.archives.list({ agent_id: one.id }))).map(({ id }) => id), [archive.id]);
});

story("passages are searched over all archives", async (letta) => {
  const archive = await letta.archives.create({ name: "facts", embedding });
  await letta.archives.passages.create(archive.id, { text: "The moon is grey" });

  const found = await letta.passages.search({ query: "moon", archive_id: archive.id });

  assert.deepEqual(found.map((one) => one.passage.text), ["The moon is grey"]);
});
