import assert from "node:assert/strict";

import { all, kinds, MODEL, said, story } from "../story.js";

const DOUBLE = 'def double(x: int) -> int:\n    """Double it.\n\n    Args:\n        x: What.\n    """';

story("a tool's schema is read from its source", async (letta) => {
  const tool = await letta.tools.create({ source_code: DOUBLE });

  assert.equal(tool.name, "double");
  assert.deepEqual(tool.json_schema?.parameters, {
    type: "object",
    properties: { x: { type: "integer", description: "What." } },
    required: ["x"],
  });
  const again = await letta.tools.upsert({ source_code: DOUBLE, tags: ["maths"] });
  assert.deepEqual([again.id, again.tags], [tool.id, ["maths"]]);
});

story("an agent calls a tool that it has", async (letta, world) => {
  await world.script({
    when: { text: "double 4" },
    reply: [{ call: "double", with: { x: 4 }, returns: "8" }, { say: "It is {{ returned }}." }],
  });
  const tool = await letta.tools.create({ source_code: DOUBLE });
  const agent = await letta.agents.create({ model: MODEL });
  await letta.agents.tools.attach(tool.id, { agent_id: agent.id });

  const answer = await letta.agents.messages.create(agent.id, { input: "Please double 4" });

  assert.deepEqual(kinds(answer.messages), [
    "tool_call_message",
    "tool_return_message",
    "assistant_message",
  ]);
  assert.equal(said(answer.messages), "It is 8.");
  assert.ok((await all(letta.agents.tools.list(agent.id))).some((one) => one.id === tool.id));
});

story("a tool is run outside of any turn", async (letta) => {
  const tool = await letta.tools.create({ source_code: DOUBLE });
  const agent = await letta.agents.create({ model: MODEL, tool_ids: [tool.id] });

  const ran = await letta.agents.tools.run("double", { agent_id: agent.id, args: { x: 2 } });

  assert.deepEqual([ran.status, ran.func_return], ["success", "0"]);
});
