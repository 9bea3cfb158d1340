/** The bot against the mock: every way in which a call can be answered. */
import type { Letta } from "@letta-ai/letta-client";
import { expect } from "vitest";
import { test } from "mockletta/vitest";

import { Bot, type Call, type Decision, type Tool } from "../src/bot.js";

const MODEL = "openai/gpt-4o-mini";
const SOURCE = `
def delete_file(path: str) -> str:
    """
    Delete a file.

    Args:
        path (str): The file.
    """
    return "deleted"
`;
const READ: Tool = {
  description: "Reads a file of this machine.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
  run({ path }) {
    if (path !== "a.txt") throw new Error(`no file ${path}`);
    return "Hello from a.txt";
  },
};

/** An agent whose tool delete_file needs the user's approval. */
async function agentOf(letta: Letta): Promise<string> {
  const tool = await letta.tools.create({ source_code: SOURCE, default_requires_approval: true });
  const agent = await letta.agents.create({ name: "bot", model: MODEL, tool_ids: [tool.id] });
  return agent.id;
}

async function botOf(letta: Letta, decide: (call: Call) => Decision = () => undefined): Promise<Bot> {
  return Bot.open(letta, await agentOf(letta), { read_file: READ }, decide);
}

test("a tool of the app is run, and its return goes on", async ({ mock, letta }) => {
  await mock.when("read {path}").call("read_file", { path: "{{ path }}" }).say("It says: {{ returned }}");
  const bot = await botOf(letta);

  expect(await bot.say("Please read a.txt")).toBe("It says: Hello from a.txt");
  await mock.verdict().assertClean();
});

test("a tool that fails is reported as an error", async ({ mock, letta }) => {
  await mock.when("read").call("read_file", { path: "b.txt" }).say("{{ returned.status }}: {{ returned }}");
  const bot = await botOf(letta);

  expect(await bot.say("read it")).toBe("error: Error: no file b.txt");
});

test("an approved call is run by the server", async ({ mock, letta }) => {
  await mock
    .when("delete {path}")
    .call("delete_file", { path: "{{ path }}" }, { returns: "deleted" })
    .say("Done: {{ returned }}.");
  const asked: Call[] = [];
  const bot = await botOf(letta, (call) => void asked.push(call));

  expect(await bot.say("delete a.txt")).toBe("Done: deleted.");
  expect(asked).toMatchObject([{ name: "delete_file", args: { path: "a.txt" } }]);
  await mock.journal.expect("conversations.messages.create", {
    times: 1,
    messages__0__approvals__0__approve: true,
  });
});

test("a denied call is not run, and the agent learns why", async ({ mock, letta }) => {
  await mock.when("delete").call("delete_file", { path: "a.txt" }, { returns: "deleted" }).say("{{ returned }}");
  const bot = await botOf(letta, () => "not that one");

  expect(await bot.say("delete it")).toContain("not that one");
});

test("one answer settles all calls that wait", async ({ mock, letta }) => {
  await mock
    .when("both")
    .calls(
      { call: "read_file", with: { path: "a.txt" } },
      { call: "delete_file", with: { path: "a.txt" }, returns: "deleted" },
    )
    .say("Read and deleted.");
  const bot = await botOf(letta);

  expect(await bot.say("do both")).toBe("Read and deleted.");
  await mock.journal.expect("conversations.messages.create", { times: 2 });
});

test("a server that is busy for a moment is asked again", async ({ mock, letta }) => {
  await mock.when("hello").say("Hi!");
  const bot = await botOf(letta);
  await mock.faults.add("conversations.messages.create", { status: 429, retry_after: 0 });

  expect(await bot.say("hello")).toBe("Hi!");
  await mock.verdict().assertClean();
});
