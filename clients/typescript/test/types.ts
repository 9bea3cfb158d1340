/** What the compiler accepts and refuses. It is compiled, and never run. */
import test from "node:test";
import { type Entry, mockletta, type Operation, type ScriptFile, withMock } from "mockletta";

const mock = await mockletta();

await mock.faults.add("conversations.messages.create", { truncate: 4 });
await mock.faults.add("agents.*", { status: 429, retry_after: 1, times: "always" });
// @ts-expect-error: no operation is called so
await mock.faults.add("agents.creat", { status: 429 });
// @ts-expect-error: a fault says what goes wrong
await mock.faults.add("agents.create", { times: 2 });
// @ts-expect-error: the frames of a stream are numbers
await mock.faults.add("agents.create", { truncate: "4" });

await mock.when("hi", { agent: "support", times: 2 }).say("Hello.");
// @ts-expect-error: no condition is called so
await mock.when("hi", { agnet: "support" }).say("Hello.");
// @ts-expect-error: no failure is called so
await mock.when("hi").fail("rate_limits");
// @ts-expect-error: no key of a call is called so
await mock.when("hi").call("tool", {}, { return: 1 });

await mock.journal.expect("agents.create", { times: 1, name: "support" });
// @ts-expect-error: no operation is called so
await mock.journal.expect("agent.create");
// @ts-expect-error: no finding is called so
await mock.verdict({ allow: ["retry-after-ignore"] });

export const operation: Operation = "agents.list";
export const status = (entry: Entry): number | null => entry.status;
export const script: ScriptFile = { replies: [{ when: "hi", reply: "Hello." }], otherwise: "strict" };
// @ts-expect-error: no brain is called so
export const wrong: ScriptFile = { otherwise: "strcit" };

test("what the runner gives comes after the fixtures", withMock(async ({ letta }, context) => {
  context.diagnostic((await letta.agents.list()).items.length.toString());
}));
