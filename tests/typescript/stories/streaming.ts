import assert from "node:assert/strict";

import { APIError, ConflictError, Letta } from "@letta-ai/letta-client";

import { all, failure, kinds, MODEL, said, story } from "../story.js";

type Sent = Letta.Conversations.MessageCreateParams;
const SLOWLY = { say: "one two three four", ttft: "10ms", tokens_per_second: 50 };

async function begin(letta: Letta): Promise<string> {
  const agent = await letta.agents.create({ model: MODEL });
  return (await letta.conversations.create({ agent_id: agent.id })).id;
}

async function stream(letta: Letta, conversation: string, sent: Partial<Sent> = {}) {
  return letta.conversations.messages.create(conversation, { input: "Go!", ...sent });
}

story("steps come whole", async (letta, world) => {
  await world.script({ reply: [{ think: "Hm." }, { say: "one two three" }] });

  const events = await all(await stream(letta, await begin(letta)));

  assert.deepEqual(kinds(events), [
    "ping",
    "reasoning_message",
    "assistant_message",
    "stop_reason",
    "usage_statistics",
  ]);
  assert.equal(said(events), "one two three");
});

story("tokens come one by one", async (letta, world) => {
  await world.script({ reply: [{ say: "one two three" }] });

  const events = await all(await stream(letta, await begin(letta), { stream_tokens: true }));

  const tokens = events.filter((event) => event.message_type === "assistant_message");
  assert.equal(tokens.length, 3);
  assert.equal(said(tokens), "one two three");
  assert.equal(new Set(tokens.map((token) => "id" in token && token.id)).size, 1);
});

story("a tool call comes in pieces that make up its arguments", async (letta, world) => {
  const call = { call: "get_weather", with: { city: "Rome" }, returns: "18 degrees" };
  await world.script({ reply: [call, { say: "Mild." }] });

  const events = await all(await stream(letta, await begin(letta), { stream_tokens: true }));

  const pieces = events.flatMap((event) =>
    event.message_type === "tool_call_message" ? [event.tool_call.arguments ?? ""] : [],
  );
  assert.ok(pieces.length > 1);
  assert.deepEqual(JSON.parse(pieces.join("")), { city: "Rome" });
  const returned = events.find((event) => event.message_type === "tool_return_message");
  assert.ok(returned?.message_type === "tool_return_message");
  assert.equal(returned.tool_return, "18 degrees");
});

story("a background stream is resumed after the last event that was seen", async (letta, world) => {
  await world.script({ reply: [SLOWLY] });
  const conversation = await begin(letta);
  const seen: Letta.Agents.LettaStreamingResponse[] = [];
  const first = await stream(letta, conversation, { background: true, stream_tokens: true });
  for await (const event of first) {
    seen.push(event);
    if (event.message_type === "assistant_message") break;
  }

  const last = seen.at(-1);
  assert.ok(last?.message_type === "assistant_message" && last.run_id && last.seq_id);
  const rest = await all(
    await letta.runs.messages.stream(last.run_id, { starting_after: last.seq_id }),
  );

  assert.equal(said(seen) + said(rest), "one two three four");
});

story("the same otid joins the run that there is", async (letta, world) => {
  await world.script({ reply: [SLOWLY] });
  const conversation = await begin(letta);
  const sent: Partial<Sent> = {
    background: true,
    input: null,
    messages: [{ role: "user", content: "Go!", otid: "otid-1" }],
  };
  const first = await stream(letta, conversation, sent);

  const again = await all(await stream(letta, conversation, sent));

  assert.deepEqual(await all(first), again);
  assert.equal((await all(letta.runs.list())).length, 1);
});

story("a second stream of a busy conversation is refused", async (letta, world) => {
  await world.script({ reply: [SLOWLY] });
  const conversation = await begin(letta);
  const first = await stream(letta, conversation);

  const busy = await failure(ConflictError, stream(letta, conversation));

  assert.match(busy.message, /currently being processed/);
  assert.equal(said(await all(first)), "one two three four");
});

story("a run is cancelled while it streams", async (letta, world) => {
  await world.script({ reply: [{ ...SLOWLY, ttft: "10s" }] });
  const conversation = await begin(letta);
  const first = await stream(letta, conversation, { background: true });

  const cancelled = await letta.conversations.cancel(conversation);

  assert.deepEqual(Object.values(cancelled), ["cancelled"]);
  const stop = (await all(first)).find((event) => event.message_type === "stop_reason");
  assert.ok(stop?.message_type === "stop_reason");
  assert.equal(stop.stop_reason, "cancelled");
});

story("an error in the middle of a stream is thrown after what came before", async (letta, world) => {
  await world.script({ reply: [{ say: "one two" }, { fail: "rate_limit" }] });
  const seen: Letta.Agents.LettaStreamingResponse[] = [];
  const events = await stream(letta, await begin(letta), { stream_tokens: true });

  const read = async () => {
    for await (const event of events) seen.push(event);
  };

  const thrown = await failure(APIError, read());
  assert.equal(said(seen), "one two");
  assert.equal((thrown.error as { message_type?: string }).message_type, "error_message");
});

story("an agent's own messages stream as well", async (letta) => {
  const agent = await letta.agents.create({ model: MODEL });

  const events = await letta.agents.messages.create(agent.id, {
    input: "Say 'one two'",
    streaming: true,
  });

  assert.equal(said(await all(events)), "one two");
});
