import assert from "node:assert/strict";

import {
  APIConnectionError,
  APIError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
  UnprocessableEntityError,
} from "@letta-ai/letta-client";

import { client, failure, MODEL, story } from "../story.js";

const NOBODY = "agent-00000000-0000-4000-8000-000000000000";

story("what there is not is a NotFoundError", async (letta) => {
  const error = await failure(NotFoundError, letta.agents.retrieve(NOBODY));

  assert.equal(error.status, 404);
  assert.deepEqual(error.error, { detail: `Agent with ID ${NOBODY} not found` });
  assert.equal(error.message, `404 ${JSON.stringify(error.error)}`);
});

story("a request that cannot be understood is a BadRequestError or an UnprocessableEntityError", async (letta) => {
  const bad = await failure(BadRequestError, letta.agents.create({ model: MODEL, agent_type: "split_thread_agent" }));
  const malformed = await failure(UnprocessableEntityError, letta.agents.retrieve("nope"));

  assert.match(bad.message, /Invalid agent type/);
  assert.match((malformed.error as { detail: string }).detail, /string_pattern_mismatch|too_short/);
});

story("what is told to come back later is asked again, as late as that", async (letta, world) => {
  await world.fault({ on: "agents.create", status: 429, retry_after: 0.1, times: 2 });

  const agent = await client(world.key, 2).agents.create({ name: "late", model: MODEL });

  assert.equal(agent.name, "late");
  const tries = await world.journal("agents.create");
  assert.deepEqual(tries.map((one) => [one.status, one.retry_count]), [[429, 0], [429, 1], [200, 2]]);
  assert.deepEqual((await world.verdict()).findings, []);
});

story("what stays too much is a RateLimitError that says when to come back", async (letta, world) => {
  await world.fault({ on: "agents.list", status: 429, retry_after: 7 });

  const error = await failure(RateLimitError, letta.agents.list());

  assert.equal(error.headers.get("retry-after"), "7");
});

story("a server that fails is an InternalServerError", async (letta, world) => {
  await world.fault({ on: "agents.list", status: 503 });

  assert.equal((await failure(InternalServerError, letta.agents.list())).status, 503);
});

story("a connection that is reset is tried again", async (letta, world) => {
  await world.fault({ on: "agents.list", reset: "before_headers" });
  await failure(APIConnectionError, letta.agents.list());
  await world.fault({ on: "agents.list", reset: "before_headers" });

  assert.deepEqual((await client(world.key, 1).agents.list()).items, []);
});

story("what the model's provider refuses is an error with its kind", async (letta, world) => {
  await world.script({ reply: [{ fail: "rate_limit" }] });
  const agent = await letta.agents.create({ model: MODEL });

  const asked = letta.agents.messages.create(agent.id, { input: "Hello!" });

  const error = await failure(APIError, asked);
  const { error: told } = error.error as { error: { type: string } };
  assert.deepEqual([error.status, told.type], [429, "llm_rate_limit"]);
});
