import assert from "node:assert/strict";

import { BadRequestError, Letta, toFile } from "@letta-ai/letta-client";

import { all, failure, MODEL, story, World } from "../story.js";

const embedding = "openai/text-embedding-3-small";

/** A folder with a file that is processed, under a clock that stands still. */
async function filled(letta: Letta, world: World): Promise<[folder: string, file: string]> {
  await world.clock({ freeze: true });
  const folder = await letta.folders.create({ name: "docs", embedding });
  const sent = await toFile(Buffer.from("The bakery opens at 7.\n"), "bakery.txt");
  const file = await letta.folders.files.upload(folder.id, { file: sent });
  await world.clock({ advance: 60 });
  return [folder.id, file.id];
}

story("a file is uploaded, processed and read", async (letta, world) => {
  const [folder_id, file] = await filled(letta, world);

  const read = await letta.folders.files.retrieve(file, { folder_id, include_content: true });

  assert.deepEqual([read.file_name, read.file_size], ["bakery.txt", 23]);
  assert.deepEqual([read.processing_status, read.content], ["completed", "The bakery opens at 7.\n"]);
  const listed = await all(letta.folders.files.list(folder_id, { limit: 1 }));
  assert.deepEqual(listed.map((one) => one.id), [file]);
});

story("a file of the same name is handled as told", async (letta, world) => {
  const [folder] = await filled(letta, world);
  const sent = () => toFile(Buffer.from("Closed.\n"), "bakery.txt");
  const upload = letta.folders.files.upload.bind(letta.folders.files);

  const twin = await upload(folder, { file: await sent(), duplicate_handling: "suffix" });
  const refused = upload(folder, { file: await sent(), duplicate_handling: "error" });

  assert.equal(twin.file_name, "docs/bakery_(1).txt");
  await failure(BadRequestError, refused);
  assert.equal((await all(letta.folders.files.list(folder))).length, 2);
});

story("an agent's files are opened and closed, and listed in pages of their own shape", async (letta, world) => {
  const [folder, file] = await filled(letta, world);
  const agent_id = (await letta.agents.create({ model: MODEL, embedding })).id;
  await letta.agents.folders.attach(folder, { agent_id });

  const page = await letta.agents.files.list(agent_id, { limit: 1 });
  await letta.agents.files.close(file, { agent_id });
  const closed = await all(letta.agents.files.list(agent_id));
  await letta.agents.files.open(file, { agent_id });
  const reopened = await all(letta.agents.files.list(agent_id, { is_open: true }));

  assert.deepEqual([page.has_more, page.files.map((one) => one.is_open)], [false, [true]]);
  assert.deepEqual(closed.map((one) => one.is_open), [false]);
  assert.deepEqual(reopened.map((one) => one.file_id), [file]);
  assert.deepEqual(await letta.agents.files.closeAll(agent_id), ["docs/bakery.txt"]);
});

story("a file that is deleted is gone from its agents", async (letta, world) => {
  const [folder_id, file] = await filled(letta, world);
  const agent_id = (await letta.agents.create({ model: MODEL, embedding })).id;
  await letta.agents.folders.attach(folder_id, { agent_id });

  await letta.folders.files.delete(file, { folder_id });

  assert.deepEqual(await all(letta.agents.files.list(agent_id)), []);
  assert.deepEqual((await all(letta.agents.folders.list(agent_id))).map((one) => one.id), [folder_id]);
});
