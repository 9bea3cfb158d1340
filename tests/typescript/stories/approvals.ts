import assert from "node:assert/strict";

import { BadRequestError, ConflictError, Letta } from "@letta-ai/letta-client";

import { failure, kinds, MODEL, said, story, World } from "../story.js";

type Response = Letta.Agents.LettaResponse;
type Approval = Letta.Agents.ApprovalCreate;

/** An agent whose call of a tool waits for approval. */
async function asked(letta: Letta, world: World): Promise<[string, Response]> {
  const call = { call: "delete_file", with: { path: "a.txt" }, approve: true, returns: "gone" };
  await world.script({ when: { text: "Delete" }, reply: [call, { say: "{{ returned.status }}" }] });
  const agent = await letta.agents.create({ model: MODEL });
  return [agent.id, await letta.agents.messages.create(agent.id, { input: "Delete it" })];
}

function callIn(response: Response): Letta.Agents.ToolCall {
  const request = response.messages.find((one) => one.message_type === "approval_request_message");
  assert.ok(request?.message_type === "approval_request_message");
  return request.tool_call as Letta.Agents.ToolCall;
}

function answer(tool_call_id: string, approve: boolean, reason?: string): Approval {
  return { type: "approval", approvals: [{ type: "approval", tool_call_id, approve, reason }] };
}

story("an approved call is run and the turn goes on", async (letta, world) => {
  const [agent, first] = await asked(letta, world);
  const call = callIn(first);

  const told = await letta.agents.messages.create(agent, { messages: [answer(call.tool_call_id, true)] });

  assert.equal(first.stop_reason.stop_reason, "requires_approval");
  assert.deepEqual([call.name, JSON.parse(call.arguments)], ["delete_file", { path: "a.txt" }]);
  assert.deepEqual(kinds(told.messages), ["tool_return_message", "assistant_message"]);
  assert.equal(said(told.messages), "success");
});

story("a denied call returns the reason", async (letta, world) => {
  const [agent, first] = await asked(letta, world);
  const denied = answer(callIn(first).tool_call_id, false, "not that one");

  const told = await letta.agents.messages.create(agent, { messages: [denied] });

  const [returned] = told.messages;
  assert.ok(returned?.message_type === "tool_return_message");
  assert.match(returned.tool_return, /request to call tool denied\. User reason: not that one/);
  assert.equal(said(told.messages), "error");
});

story("other messages are refused while a call waits, and so is a wrong answer", async (letta, world) => {
  const [agent] = await asked(letta, world);

  const send = letta.agents.messages.create.bind(letta.agents.messages, agent);

  await failure(ConflictError, send({ input: "Hello?" }));
  await failure(BadRequestError, send({ messages: [answer("call-of-nobody", true)] }));
});

story("a tool of the app is called and its return goes in", async (letta, world) => {
  await world.script({
    when: { text: "Look" },
    reply: [{ call: "screenshot" }, { say: "I see {{ returned }}." }],
  });
  const agent = await letta.agents.create({ model: MODEL });
  const client_tools = [{ name: "screenshot", description: "Takes one.", parameters: {} }];
  const first = await letta.agents.messages.create(agent.id, { input: "Look!", client_tools });

  const { tool_call_id } = callIn(first);
  const returned = { type: "tool" as const, tool_call_id, tool_return: "a cat", status: "success" as const };
  const told = await letta.agents.messages.create(agent.id, {
    messages: [{ type: "approval", approvals: [returned] }],
  });

  assert.equal(said(told.messages), "I see a cat.");
});
