/** One fake Letta for a test: the world of an API key at a server. */
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

import type { ClientOptions, Letta } from "@letta-ai/letta-client";

import { AgentViews } from "./agents.js";
import { Clock } from "./clock.js";
import { type Address, Control } from "./control.js";
import { MocklettaError } from "./errors.js";
import { follow, type WorldEvent } from "./events.js";
import { Faults } from "./faults.js";
import type {
  ControlIndex,
  FindingName,
  OfferedTool,
  WhichEvents,
  WorldSummary,
} from "./generated.js";
import { Journal } from "./journal.js";
import { McpServers } from "./mcp.js";
import { Pace } from "./pace.js";
import { Script } from "./script.js";
import { Snapshots, type Snapshot } from "./snapshots.js";
import { PendingVerdict, Verdict } from "./verdict.js";
import { type Conditions, type Text, When } from "./when.js";

/** The SDK as a module: the one that the test itself imports. */
export type Sdk = typeof import("@letta-ai/letta-client");

const NO_SDK =
  "mock.client() needs the SDK: npm install --save-dev @letta-ai/letta-client. " +
  "Other clients can use mock.baseURL and mock.apiKey.";

export class Mock implements AsyncDisposable {
  readonly apiKey: string;
  readonly baseURL: string;
  /** Changes, checks and shows the script. */
  readonly script: Script;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly snapshots: Snapshots;
  readonly mcpServers: McpServers;
  /** The agents as the console shows them. */
  readonly agents: AgentViews;
  private readonly rules: When[] = [];

  constructor(
    private readonly control: Control,
    private readonly sdk: Sdk | undefined,
  ) {
    this.apiKey = control.apiKey;
    this.baseURL = control.server.url;
    this.script = new Script(control);
    this.faults = new Faults(control);
    this.journal = new Journal(control);
    this.clock = new Clock(control);
    this.pace = new Pace(control);
    this.snapshots = new Snapshots(control);
    this.mcpServers = new McpServers(control);
    this.agents = new AgentViews(control);
  }

  /** The variables that make an app's own client use this mock: `Object.assign(process.env, mock.env)`. */
  get env(): { LETTA_BASE_URL: string; LETTA_API_KEY: string } {
    return { LETTA_BASE_URL: this.baseURL, LETTA_API_KEY: this.apiKey };
  }

  /** A page that shows this world while a test waits. */
  get consoleURL(): string {
    return `${this.baseURL}/_mockletta/console`;
  }

  /** A real client of this mock. It takes the options of the SDK's `Letta`. */
  client(options: ClientOptions = {}): Letta {
    if (this.sdk === undefined) throw new MocklettaError(NO_SDK);
    return new this.sdk.Letta({ baseURL: this.baseURL, apiKey: this.apiKey, ...options });
  }

  /** Add a scripted reply. The rule is in force once it is awaited. */
  when(text?: Text, conditions?: Conditions): When;
  when(conditions: Conditions): When;
  when(first?: Text | Conditions, conditions: Conditions = {}): When {
    const isText = first === undefined || isTextCondition(first);
    const rule = isText
      ? new When(this.control, first, conditions)
      : new When(this.control, undefined, { ...first, ...conditions });
    this.rules.push(rule);
    return rule;
  }

  /** Declare the tools of an MCP server. Nothing is connected to. */
  async mcpServer(
    name: string,
    tools: OfferedTool[] = [],
    where: { url?: string; command?: string } = {},
  ): Promise<void> {
    await this.mcpServers.declare({ name, tools, ...where });
  }

  /**
   * Judge what the app did with its responses. Findings named in `allow` are ignored. It first waits
   * a moment for responses that are not complete.
   */
  verdict({ allow = [] }: { allow?: FindingName[] } = {}): PendingVerdict {
    return new PendingVerdict(async () => {
      await this.journal.settle();
      const query = { allow: allow.join(",") };
      return new Verdict(await this.control.ask("control.verdict", { query }));
    });
  }

  /** What was expected by the end of a test and did not happen, a few lines for each. */
  async unmet(): Promise<string[]> {
    const { unmet } = await this.control.ask("control.unmet");
    const forgotten = this.rules.filter((rule) => !rule.isAdded);
    return [...unmet, ...forgotten.map((rule) => `${rule} was not awaited, so it was never added`)];
  }

  /** What the report of a failing test shows: requests, verdict and conversations. */
  async report(): Promise<string> {
    const { sections } = await this.control.ask("control.report");
    return sections.map(({ title, text }) => `--- ${title}\n${text}`).join("\n");
  }

  /** Reset the world to its start. */
  reset(): Promise<WorldSummary> {
    this.rules.length = 0;
    return this.control.ask("control.reset");
  }

  /** Take a snapshot of the world, which can be restored any number of times. */
  snapshot(name?: string): Promise<Snapshot> {
    return this.snapshots.take(name);
  }

  /** Restore a snapshot of this world. Turns in progress are cancelled first. */
  restore(snapshot: Snapshot | string): Promise<WorldSummary> {
    return this.snapshots.restore(snapshot);
  }

  /** Write the world to a snapshot file. */
  async save(file: string): Promise<void> {
    const content = await this.control.ask("control.snapshot.retrieve");
    await writeFile(file, content, { mode: 0o600 });
  }

  /** Replace the world by a snapshot file. */
  async load(file: string): Promise<WorldSummary> {
    return this.control.ask("control.snapshot.restore", { body: await readFile(file, "utf8") });
  }

  /** Write the world to a seed file, which can be read and edited. */
  async saveSeed(file: string): Promise<void> {
    await writeFile(file, await this.control.ask("control.seed.retrieve"), { mode: 0o600 });
  }

  /** Return a mock whose new world starts as a copy of this one. */
  async fork(): Promise<Mock> {
    const key = `${this.apiKey}-fork-${randomUUID()}`;
    await this.control.ask("control.fork", { body: { key } });
    return new Mock(new Control(this.control.server, key), this.sdk);
  }

  /** Follow what happens in this world, as it happens. */
  events(which: WhichEvents = {}): AsyncGenerator<WorldEvent> {
    return follow(this.control, which);
  }

  /** The server's version and the operations of its control API. */
  server(): Promise<ControlIndex> {
    return this.control.ask("control.index");
  }

  /** Metrics of the server in the format of Prometheus, if it has the extra for them. */
  metrics(): Promise<string> {
    return this.control.ask("control.metrics");
  }

  /** All worlds of the server. */
  async worlds(): Promise<WorldSummary[]> {
    return (await this.control.ask("control.worlds.list")).worlds;
  }

  /** Delete the world. */
  async close(): Promise<void> {
    await this.control.ask("control.worlds.delete", { query: { key: this.apiKey } }).catch(
      (error: unknown) => {
        const neverUsed = error instanceof MocklettaError && error.status === 404;
        if (!neverUsed) throw error;
      },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Make the mock of a new world at a server. */
export function mockAt(server: Address, apiKey: string, sdk: Sdk | undefined): Mock {
  return new Mock(new Control(server, apiKey), sdk);
}

function isTextCondition(value: Text | Conditions): value is Text {
  const isText = typeof value === "string" || value instanceof RegExp || Array.isArray(value);
  return isText || "exact" in value || "contains" in value;
}
