/** The world of a mock: its clock, its snapshots, and what is in it. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Letta } from "@letta-ai/letta-client";
import { expect, vi } from "vitest";

import { mockletta } from "mockletta";
import { test } from "mockletta/vitest";
import { ask, MODEL } from "./agents.js";

async function names(letta: Letta): Promise<string[]> {
  const page = await letta.agents.list({ order: "asc" });
  return page.items.map(({ name }) => name);
}

test("the client is the SDK's own, with its options", ({ mock, letta }) => {
  expect(letta).toBeInstanceOf(Letta);
  expect(mock.client({ maxRetries: 7 }).maxRetries).toBe(7);
  expect(mock.env).toEqual({ LETTA_BASE_URL: mock.baseURL, LETTA_API_KEY: mock.apiKey });
});

test("an app with its own client is led to the mock", async ({ mock }) => {
  for (const [name, value] of Object.entries(mock.env)) vi.stubEnv(name, value);
  await new Letta().agents.create({ name: "of the app", model: MODEL });
  vi.unstubAllEnvs();

  await mock.journal.expect("agents.create", { times: 1, name: "of the app" });
});

test("the clock is frozen and moved", async ({ mock, letta }) => {
  await mock.clock.freeze("2026-01-01T00:00:00Z");
  const agent = await letta.agents.create({ model: MODEL });
  expect(agent.created_at).toBe("2026-01-01T00:00:00.000Z".replace(".000", ""));

  await mock.clock.advance(90);
  expect(await mock.clock.now()).toEqual(new Date("2026-01-01T00:01:30Z"));
  expect((await mock.clock.set(new Date(0))).now).toMatch(/^1970-01-01/);
  expect((await mock.clock.tick(2)).tick).toBe(2);
  expect((await mock.clock.resume()).frozen).toBe(false);
  expect((await mock.clock.retrieve()).frozen).toBe(false);
});

test("a snapshot is restored as often as one likes", async ({ mock, letta }) => {
  const before = await mock.snapshot();
  await mock.snapshot("named");
  await letta.agents.create({ name: "extra", model: MODEL });
  await mock.restore(before);
  expect(await names(letta)).toEqual([]);

  expect(await mock.snapshots.list()).toEqual([before.name, "named"]);
  await mock.restore("named");
  await mock.snapshots.clear();
  await expect(mock.restore("named")).rejects.toThrow("There is no snapshot named 'named'");
});

test("a fork starts as a copy", async ({ mock, letta }) => {
  await letta.agents.create({ name: "first", model: MODEL });
  await using fork = await mock.fork();
  await fork.client().agents.create({ name: "second", model: MODEL });

  expect(await names(fork.client())).toEqual(["first", "second"]);
  expect(await names(letta)).toEqual(["first"]);
  await mock.reset();
  expect(await names(letta)).toEqual([]);
});

test("a world is written to a file and read again", async ({ mock, letta }) => {
  const file = join(mkdtempSync(join(tmpdir(), "mockletta-test-")), "world.jsonl");
  await letta.agents.create({ name: "saved", model: MODEL });
  await mock.save(file);
  await mock.saveSeed(`${file}.yaml`);
  expect(readFileSync(`${file}.yaml`, "utf8")).toContain("name: saved");
  await using other = await mockletta();
  await other.load(file);

  expect(await names(other.client())).toEqual(["saved"]);
});

test("a closed mock leaves no world behind", async () => {
  const mock = await mockletta({ freeze: "2026-01-01T00:00:00Z", apiKey: "key-of-this-test" });
  const mine = async () => (await mock.worlds()).filter(({ key }) => key?.startsWith("key-"));
  expect(await mine()).toHaveLength(1);
  await mock.close();
  await mock.close();

  expect(await mine()).toEqual([]);
});

test("an MCP server is declared", async ({ mock }) => {
  await mock.mcpServer("weather", [{ name: "forecast", returns: "Rain." }]);
  await mock.mcpServer("other", [], { url: "http://localhost/mcp" });
  expect((await mock.mcpServers.list()).map(({ name }) => name)).toEqual(["weather", "other"]);

  await mock.mcpServers.delete("other");
  await mock.mcpServers.delete();
  expect(await mock.mcpServers.list()).toEqual([]);
});

test("agents are shown as the console shows them", async ({ mock, letta }) => {
  const block = { label: "human", value: "Ann" };
  const { id } = await letta.agents.create({ name: "seen", model: MODEL, memory_blocks: [block] });
  const [summary] = await mock.agents.list();
  const { blocks } = await mock.agents.retrieve(id);

  expect(summary).toMatchObject({ name: "seen", doing: "idle" });
  expect(blocks).toMatchObject([{ label: "human", value: "Ann" }]);
  expect((await mock.agents.thread(id)).doing).toBe("idle");
  expect((await mock.agents.blockHistory(blocks[0]?.id ?? "")).dropped).toBe(0);
  expect(mock.consoleURL).toBe(`${mock.baseURL}/_mockletta/console`);
});

test("the pace is set", async ({ mock }) => {
  await mock.pace.set({ ttft: "500ms", tokens_per_second: 40 });

  expect(await mock.pace.retrieve()).toEqual({ ttft: 0.5, tokens_per_second: 40 });
});

test("what happens is followed", async ({ mock, letta }) => {
  await letta.agents.list();
  const kinds: string[] = [];
  await letta.agents.create({ model: MODEL });
  for await (const { kind, data } of mock.events({ kinds: "hello,response" })) {
    kinds.push(kind);
    if (kind === "hello") await letta.agents.create({ model: MODEL });
    if (data["operation"] ?? kind === "response") break;
  }

  expect(kinds).toEqual(["hello", "response"]);
});

test("a report shows requests and conversations", async ({ mock, letta }) => {
  await ask(letta, "My name is Alice.");

  const report = await mock.report();
  expect(report).toContain("--- mockletta: 2 requests\n#1 ");
  expect(report).toContain("user: My name is Alice.");
  expect((await mock.server()).version).toMatch(/^\d+\.\d+/);
});
