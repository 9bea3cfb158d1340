// Generated from the server's models by `python -m tests.tables`. Do not edit.

/** An operation of the API, named as in the SDK. */
export type Operation =
  | "access_tokens.create"
  | "access_tokens.delete"
  | "access_tokens.list"
  | "admin.orgs.list"
  | "admin.users.list"
  | "agents.archives.attach"
  | "agents.archives.detach"
  | "agents.blocks.attach"
  | "agents.blocks.detach"
  | "agents.blocks.list"
  | "agents.blocks.retrieve"
  | "agents.blocks.update"
  | "agents.context.retrieve"
  | "agents.core_memory.retrieve"
  | "agents.core_memory.variables.list"
  | "agents.count"
  | "agents.create"
  | "agents.delete"
  | "agents.export_file"
  | "agents.export_with_skills"
  | "agents.files.close"
  | "agents.files.close_all"
  | "agents.files.list"
  | "agents.files.open"
  | "agents.folders.attach"
  | "agents.folders.detach"
  | "agents.folders.list"
  | "agents.generate"
  | "agents.groups.list"
  | "agents.identities.attach"
  | "agents.identities.detach"
  | "agents.import_file"
  | "agents.list"
  | "agents.mcp_servers.list"
  | "agents.mcp_servers.tools.list"
  | "agents.mcp_servers.tools.run"
  | "agents.mcp_servers.tools.search"
  | "agents.memory_files.history.list"
  | "agents.memory_files.list"
  | "agents.memory_files.retrieve"
  | "agents.messages.cancel"
  | "agents.messages.capture"
  | "agents.messages.compact"
  | "agents.messages.create"
  | "agents.messages.create_async"
  | "agents.messages.list"
  | "agents.messages.preview_raw_payload"
  | "agents.messages.reset"
  | "agents.messages.search"
  | "agents.messages.stream"
  | "agents.messages.update"
  | "agents.passages.create"
  | "agents.passages.delete"
  | "agents.passages.list"
  | "agents.passages.search"
  | "agents.recompile"
  | "agents.recompile_system_prompt"
  | "agents.reflection.runs.create"
  | "agents.repositories.attach"
  | "agents.repositories.detach"
  | "agents.repositories.list"
  | "agents.retrieve"
  | "agents.schedule.create"
  | "agents.schedule.delete"
  | "agents.schedule.list"
  | "agents.schedule.retrieve"
  | "agents.search"
  | "agents.search_count"
  | "agents.secrets.list"
  | "agents.sources.attach"
  | "agents.sources.detach"
  | "agents.sources.list"
  | "agents.tools.attach"
  | "agents.tools.detach"
  | "agents.tools.list"
  | "agents.tools.run"
  | "agents.tools.update_approval"
  | "agents.update"
  | "archives.agents.list"
  | "archives.create"
  | "archives.delete"
  | "archives.list"
  | "archives.passages.create"
  | "archives.passages.create_many"
  | "archives.passages.delete"
  | "archives.retrieve"
  | "archives.update"
  | "auth"
  | "blocks.agents.list"
  | "blocks.count"
  | "blocks.create"
  | "blocks.delete"
  | "blocks.identities.attach"
  | "blocks.identities.detach"
  | "blocks.list"
  | "blocks.retrieve"
  | "blocks.update"
  | "chat.completions.create"
  | "conversations.cancel"
  | "conversations.create"
  | "conversations.delete"
  | "conversations.ephemeral.create"
  | "conversations.fork"
  | "conversations.list"
  | "conversations.messages.compact"
  | "conversations.messages.create"
  | "conversations.messages.list"
  | "conversations.messages.preview_raw_payload"
  | "conversations.messages.stream"
  | "conversations.recompile"
  | "conversations.retrieve"
  | "conversations.update"
  | "device_storage_key.retrieve"
  | "embedding_models.list"
  | "embeddings.total_storage_size"
  | "environments.delete"
  | "environments.list"
  | "environments.register"
  | "environments.retrieve"
  | "environments.send_message"
  | "feeds.create"
  | "feeds.delete"
  | "feeds.list"
  | "feeds.messages.create"
  | "feeds.messages.list"
  | "feeds.messages.retrieve"
  | "feeds.retrieve"
  | "feeds.subscribe"
  | "feeds.subscriptions.backfill"
  | "feeds.subscriptions.delete"
  | "feeds.subscriptions.history.list"
  | "feeds.subscriptions.list"
  | "feeds.subscriptions.trigger"
  | "feeds.subscriptions.update"
  | "feeds.subscriptions.update_cron"
  | "feeds.unsubscribe"
  | "folders.agents.list"
  | "folders.count"
  | "folders.create"
  | "folders.delete"
  | "folders.files.delete"
  | "folders.files.list"
  | "folders.files.retrieve"
  | "folders.files.upload"
  | "folders.list"
  | "folders.metadata"
  | "folders.passages.list"
  | "folders.retrieve"
  | "folders.retrieve_by_name"
  | "folders.update"
  | "git.fetch"
  | "git.push"
  | "git.refs.list"
  | "groups.blocks.attach"
  | "groups.blocks.detach"
  | "groups.count"
  | "groups.create"
  | "groups.delete"
  | "groups.list"
  | "groups.messages.list"
  | "groups.messages.reset"
  | "groups.messages.update"
  | "groups.retrieve"
  | "groups.update"
  | "health"
  | "identities.agents.list"
  | "identities.blocks.list"
  | "identities.count"
  | "identities.create"
  | "identities.delete"
  | "identities.list"
  | "identities.properties.upsert"
  | "identities.retrieve"
  | "identities.update"
  | "identities.upsert"
  | "internal.agents.blocks.update"
  | "internal.agents.count"
  | "internal.blocks.agents.list"
  | "internal.blocks.create"
  | "internal.blocks.delete"
  | "internal.blocks.list"
  | "internal.runs.list"
  | "internal.templates.agents.create"
  | "internal.templates.blocks.create"
  | "internal.templates.blocks.create_many"
  | "internal.templates.deployments.delete"
  | "internal.templates.deployments.list"
  | "internal.templates.groups.create"
  | "jobs.active.list"
  | "jobs.cancel"
  | "jobs.delete"
  | "jobs.list"
  | "jobs.retrieve"
  | "legacy_templates.migrate"
  | "mcp_servers.connect"
  | "mcp_servers.create"
  | "mcp_servers.delete"
  | "mcp_servers.list"
  | "mcp_servers.refresh"
  | "mcp_servers.retrieve"
  | "mcp_servers.tools.list"
  | "mcp_servers.tools.retrieve"
  | "mcp_servers.tools.run"
  | "mcp_servers.update"
  | "messages.batches.cancel"
  | "messages.batches.create"
  | "messages.batches.list"
  | "messages.batches.messages.list"
  | "messages.batches.retrieve"
  | "messages.list"
  | "messages.retrieve"
  | "messages.search"
  | "metadata.balance.retrieve"
  | "metadata.feedback.create"
  | "metadata.status.retrieve"
  | "metadata.telemetry.create"
  | "metadata.user.retrieve"
  | "models.embeddings.list"
  | "models.list"
  | "pages.description"
  | "pages.docs"
  | "pages.root"
  | "passages.search"
  | "pipelines.config.update"
  | "pipelines.count"
  | "pipelines.create"
  | "pipelines.delete"
  | "pipelines.list"
  | "pipelines.preview"
  | "pipelines.retrieve"
  | "pipelines.sync"
  | "pipelines.sync_history.list"
  | "pipelines.update"
  | "projects.create"
  | "projects.delete"
  | "projects.list"
  | "projects.templates.agents.create"
  | "projects.templates.create"
  | "projects.templates.delete"
  | "projects.templates.deployments.migrate"
  | "projects.templates.describe"
  | "projects.templates.fork"
  | "projects.templates.rename"
  | "projects.templates.rollback"
  | "projects.templates.save"
  | "projects.templates.snapshot.retrieve"
  | "projects.templates.snapshot.update"
  | "projects.templates.update"
  | "projects.templates.versions.list"
  | "providers.check"
  | "providers.check_key"
  | "providers.create"
  | "providers.delete"
  | "providers.list"
  | "providers.refresh"
  | "providers.retrieve"
  | "providers.update"
  | "proxies.anthropic.messages.create"
  | "proxies.anthropic.models.list"
  | "proxies.zai.messages.create"
  | "proxies.zai.models.list"
  | "ready"
  | "repositories.create"
  | "repositories.delete"
  | "repositories.list"
  | "repositories.retrieve"
  | "runs.active.list"
  | "runs.delete"
  | "runs.list"
  | "runs.messages.list"
  | "runs.messages.stream"
  | "runs.metrics.retrieve"
  | "runs.retrieve"
  | "runs.steps.list"
  | "runs.trace.retrieve"
  | "runs.usage.retrieve"
  | "sandbox_config.create"
  | "sandbox_config.create_local"
  | "sandbox_config.delete"
  | "sandbox_config.environment_variables.create"
  | "sandbox_config.environment_variables.list"
  | "sandbox_config.list"
  | "sandbox_config.retrieve_default"
  | "sandbox_config.update"
  | "sandboxes.create"
  | "sandboxes.list"
  | "sandboxes.terminate"
  | "secrets.create"
  | "secrets.list"
  | "sources.agents.list"
  | "sources.count"
  | "sources.create"
  | "sources.delete"
  | "sources.files.delete"
  | "sources.files.list"
  | "sources.files.retrieve"
  | "sources.files.upload"
  | "sources.list"
  | "sources.metadata"
  | "sources.passages.list"
  | "sources.retrieve"
  | "sources.retrieve_by_name"
  | "sources.update"
  | "steps.feedback.create"
  | "steps.list"
  | "steps.messages.list"
  | "steps.metrics.retrieve"
  | "steps.retrieve"
  | "steps.trace.retrieve"
  | "tags.list"
  | "telemetry.retrieve"
  | "templates.agents.create"
  | "templates.create"
  | "templates.delete"
  | "templates.list"
  | "templates.rollback"
  | "templates.save"
  | "templates.update"
  | "tools.add_base_tools"
  | "tools.count"
  | "tools.create"
  | "tools.delete"
  | "tools.generate_schema"
  | "tools.list"
  | "tools.mcp_servers.connect"
  | "tools.mcp_servers.create"
  | "tools.mcp_servers.delete"
  | "tools.mcp_servers.list"
  | "tools.mcp_servers.oauth_callback"
  | "tools.mcp_servers.refresh"
  | "tools.mcp_servers.test"
  | "tools.mcp_servers.tools.add"
  | "tools.mcp_servers.tools.list"
  | "tools.mcp_servers.tools.run"
  | "tools.mcp_servers.update"
  | "tools.retrieve"
  | "tools.run"
  | "tools.search"
  | "tools.update"
  | "tools.upsert"
  | "voice.completions.create";
/** An operation, or a pattern of several such as `agents.*`. */
export type OperationPattern = Operation | `${string}*${string}`;
/** What a verdict can find. */
export type FindingName =
  | "retry-after-ignored"
  | "send-repeated-without-otid"
  | "truncated-stream-taken-for-whole"
  | "stream-not-read-to-end"
  | "same-page-twice"
  | "list-call-per-item"
  | "deprecated-operation"
  | "untested-sdk-version"
  | "depends-on-quirk"
  | "unlisted-model";

export interface AfterFrames {
  after_frames: number;
}

export interface AgentName {
  id: string;
  name: string;
}

/** All agents of a world, newest activity first. */
export interface AgentSummaries {
  agents: AgentSummary[];
}

/** An agent on one line. */
export interface AgentSummary {
  id: string;
  name: string;
  model: string | null;
  tags: string[];
  hidden: boolean;
  conversations: number;
  last_activity: string | null;
  doing: "idle" | "streaming" | "waiting for approval";
}

/** An agent with its memory, tools and conversations, and its system message as compiled. */
export interface AgentView {
  id: string;
  name: string;
  description: string | null;
  model: string | null;
  agent_type: string;
  tags: string[];
  created_at: string | null;
  doing: "idle" | "streaming" | "waiting for approval";
  blocks: BlockView[];
  tools: ToolView[];
  tool_rules: Record<string, unknown>[];
  conversations: ThreadSummary[];
  system_message: string | null;
}

/** One change of a block's value. */
export interface BlockChange {
  number: number;
  at: string;
  block_id: string;
  before: string;
  after: string;
  cause: Cause;
}

/**
 * The recorded changes of a block, oldest first. `dropped` counts the changes of all blocks that
 * are not recorded any more.
 */
export interface BlockChanges {
  changes: BlockChange[];
  dropped: number;
}

/** A memory block, the other agents that share it, and the number of recorded changes. */
export interface BlockView {
  id: string;
  label: string;
  value: string;
  limit: number;
  description: string | null;
  read_only: boolean;
  shared_with: AgentName[];
  changes: number;
}

export interface BusyFault {
  /** true */
  busy: true;
}

/**
 * A tool call. With `returns` the tool is not run and returns that value. `arguments` is the raw
 * text of the arguments, which may be invalid JSON.
 */
export interface CallItem {
  call: string;
  with?: Record<string, unknown>;
  arguments?: string;
  returns?: unknown;
  status?: "success" | "error";
  stdout?: string | string[];
  stderr?: string | string[];
  approve?: boolean;
  id?: string;
}

/** Several tool calls in one step. */
export interface CallsItem {
  calls: CallItem[];
}

/**
 * The cause of a change of a block: a tool call of a turn, or a request. `operation` is the
 * requested operation, `request` the number of its journal entry.
 */
export interface Cause {
  operation?: string;
  request?: number;
  tool?: string;
  agent_id?: string;
  conversation_id?: string;
  run_id?: string;
}

/** All errors and warnings of a script, each with its line and column. */
export interface CheckedScript {
  problems: Diagnostic[];
}

/**
 * One change of a clock. Times are ISO 8601 or "now", amounts are durations. `freeze` is a time or
 * true for the present one, `resume` unfreezes the clock.
 */
export interface ClockChange {
  freeze?: true | string;
  resume?: true;
  advance?: number | string;
  set?: string;
  tick?: number | string;
}

/** The time of a clock. A frozen clock moves `tick` seconds with each reading. */
export interface ClockState {
  now: string;
  frozen: boolean;
  tick: number;
}

/** The server's version, and the operations of its control API. */
export interface ControlIndex {
  version: string;
  operations: ControlOperation[];
}

/** One operation of the control API. */
export interface ControlOperation {
  name: string;
  method: string;
  path: string;
  summary: string;
}

export interface DeclareServer {
  name: string;
  url?: string;
  command?: string;
  tools?: OfferedTool[];
}

/** A user's own provider. It is never contacted; its models are those of its type. */
export interface DeclaredProvider {
  name: string;
  provider_type: ProviderType;
  api_key?: string;
  base_url?: string;
}

/** A declared MCP server, identified by its name, its URL or its command. */
export interface DeclaredServer {
  name: string;
  url: string | null;
  command: string | null;
  tools: OfferedTool[];
}

export interface DeclaredServers {
  mcp_servers: DeclaredServer[];
}

export interface DelayFault {
  /** a duration such as 500ms, or seconds */
  delay: number | string;
}

/**
 * An error or a warning about a file. Line and column count from 1; they are None if there is no
 * text, for example if the file does not exist.
 */
export interface Diagnostic {
  file: string;
  line: number | null;
  column: number | null;
  level: "error" | "warning";
  message: string;
}

export interface DuplicateFault {
  /** which frame is sent twice, from 1 */
  duplicate: number;
}

/**
 * An edit of a memory block, made by a real call of the agent's memory tool: `insert` a text
 * (after line `at`, by default at the end), `replace` one text `with` another, or `set` the whole
 * value.
 */
export interface EditItem {
  edit: string;
  insert?: string;
  at?: number;
  replace?: string;
  with?: string;
  set?: string;
}

/**
 * Entries of an `operation`, which may be a pattern such as `agents.*`: the first `limit` after
 * the one numbered `since`, or the newest. With `whole` their bodies are not cut. Health checks
 * are left out unless `health` is true or the operation names them.
 */
export interface EntriesQuery {
  operation?: OperationPattern;
  since?: number;
  limit?: number;
  whole?: boolean;
  health?: boolean;
}

export interface ErrorEventFault {
  /** how many frames come before the error event */
  error_event: number;
  /** the event's error_type */
  error_type?: string;
  /** the event's message */
  message?: string;
  /** the event's detail */
  detail?: string;
}

/** The data of an event that is streamed literally: JSON, or a text, which may be invalid JSON. */
export interface EventItem {
  event: unknown;
}

/**
 * An expectation of requests: exactly `times`, or at least one. `conditions` are those of the
 * Python API: a field of the body, the query or the path, `a__0__b` for a nested one, with a value
 * or `{"matches": "<regular expression>"}`.
 */
export interface Expectation {
  operation?: OperationPattern;
  conditions?: Record<string, JsonValue>;
  times?: number;
  since?: number;
}

/** An expectation of operations in this order. With `strict` no others may be in between. */
export interface ExpectedSequence {
  operations: OperationPattern[];
  strict?: boolean;
  since?: number;
}

export interface ExpiredRunFault {
  /** true */
  expired_run: true;
}

export interface FailFault {
  /**
   * one of bad_request, authentication, insufficient_credits, permission_denied, not_found,
   * unprocessable, rate_limit, server_error, overloaded, timeout, context_overflow, unreachable
   */
  fail: "bad_request" | "authentication" | "insufficient_credits" | "permission_denied" | "not_found" | "unprocessable" | "rate_limit" | "server_error" | "overloaded" | "timeout" | "context_overflow" | "unreachable";
  /** before, first_token, or a number of tokens */
  at?: "before" | "first_token" | number;
}

/**
 * A failure of the model provider: before the first token, after the text of this step, or in the
 * middle of it, `after_tokens`. `message` is the provider's text.
 */
export interface FailItem {
  fail: "bad_request" | "authentication" | "insufficient_credits" | "permission_denied" | "not_found" | "unprocessable" | "rate_limit" | "server_error" | "overloaded" | "timeout" | "context_overflow" | "unreachable" | `${string}{{${string}}}${string}`;
  message?: string;
  after_tokens?: number;
}

/** A fault of the response. */
export interface FaultItem {
  fault: Fault | string;
}

/** A kind of fault: the key that names it, what it does, and the JSON Schema of each key. */
export interface FaultKind {
  kind: string;
  summary: string;
  fields: Record<string, Record<string, unknown>>;
}

/** All kinds of faults, and the operations that a fault can be planned for. */
export interface FaultKinds {
  kinds: FaultKind[];
  operations: Operation[];
}

/**
 * The planned faults in order: the `number` of each, its keys, the number of requests it `matched`
 * and the number it affected (`fired`).
 */
export interface FaultList {
  faults: NumberedFault[];
}

/** Names of findings to ignore, separated by commas. */
export interface FindingsQuery {
  allow?: string;
}

/** The API key of the new world. */
export interface ForkKey {
  key: string;
}

export interface InFrame {
  in_frame: number;
}

export type JsonValue = unknown;

export interface MalformedFault {
  /** which frame is malformed, from 1 */
  malformed: number;
}

export interface MissingFault {
  /** true */
  missing: true;
}

export interface NoDoneFault {
  /** true */
  no_done: true;
}

/**
 * A tool of a declared MCP server. It `returns` text, or JSON that is shown as text. With `error`
 * it fails with that text.
 */
export interface OfferedTool {
  name: string;
  description?: string;
  parameters?: Record<string, JsonValue>;
  returns?: JsonValue;
  error?: string;
}

/** A new pace: `ttft` a duration such as `500ms`, `tokens_per_second` as a number. */
export interface PaceOrder {
  ttft?: string | number;
  tokens_per_second?: number;
}

/** Seconds to the first token, and tokens per second after it; null means no delay. */
export interface PaceState {
  ttft: number | null;
  tokens_per_second: number | null;
}

/** Matches a part of the text. No character is special. */
export interface Part {
  contains: string;
}

/** The keys that say which requests a planned fault applies to. */
export interface Planning {
  /** how many matching requests are let through first */
  after?: number;
  /** an operation such as conversations.messages.create, a list, or agents.* */
  on: OperationPattern | OperationPattern[];
  /** a probability of more than 0 and at most 1 */
  probability?: number;
  /** a number that the chances depend on */
  seed?: number;
  /** a number from 1, or always */
  times?: number | "always";
  /** a mapping of path, equals and contains: what a request must have */
  where?: Where;
}

/** The providers that SDK 1.12.1 knows, in the order of the server's 422 [78 check unknown]. */
export type ProviderType = "anthropic" | "azure" | "baseten" | "bedrock" | "cerebras" | "chatgpt_oauth" | "deepseek" | "fireworks" | "google_ai" | "google_vertex" | "groq" | "hugging-face" | "letta" | "lmstudio_openai" | "minimax" | "mistral" | "moonshot" | "moonshot_coding" | "ollama" | "openai" | "together" | "vllm" | "sglang" | "openrouter" | "xai" | "zai" | "zai_coding";

/** The number of removed worlds. */
export interface RemovedWorlds {
  removed: number;
}

export interface ReorderFault {
  /** which frame changes places with the next, from 1 */
  reorder: number;
}

export interface ResetFault {
  /** before_headers, after_headers, {after_frames: n} or {in_frame: n} */
  reset: "before_headers" | "after_headers" | AfterFrames | InFrame;
  /** true if only the answer is lost */
  processed?: boolean;
}

/** The tool that has just returned, and what it returned. */
export interface ReturnCondition {
  tool?: string | string[];
  value?: string | Whole | Part | (string | Whole | Part)[];
  status?: "success" | "error";
}

/**
 * A rule: conditions and a reply. A `sequence` has several replies, used in order `per`
 * conversation by default; `then` repeats the last one, starts again, or lets the next rule reply.
 * `per` also sets what `times` counts for; by default it counts all uses together.
 */
export interface Rule {
  ttft?: number | string;
  tokens_per_second?: number;
  jitter?: number;
  chunk?: number;
  keepalive?: number | string;
  name?: string;
  when?: string | Whole | Part | (string | Whole | Part)[] | RuleConditions;
  reply?: Item | Item[];
  sequence?: (Item | Item[])[];
  per?: "conversation" | "agent" | "world";
  then?: "repeat" | "cycle" | "next";
}

/**
 * The conditions of a rule. All conditions must hold; for a list, any item. `text` matches the
 * user's own words in the last user message. Additions of the client, such as a `<system-
 * reminder>`, are in `raw_text` only, unless a pattern names a tag. `agent` and `conversation` are
 * ids; an agent can also be a name or `{tag: ...}`, and an agent's direct messages are the
 * conversation `default`. `turn` counts the turns of a conversation, `step` those of a turn.
 * `tool` is a tool of the agent, `returned` the tool that has just returned. `block` has the
 * values of blocks by label. `times` is the most uses of the rule.
 */
export interface RuleConditions {
  text?: string | Whole | Part | (string | Whole | Part)[];
  raw_text?: string | Whole | Part | (string | Whole | Part)[];
  agent?: Tagged | string | string[];
  tag?: string | string[];
  conversation?: string | string[];
  model?: string | string[];
  turn?: number | number[];
  step?: number | number[];
  tool?: string | string[];
  returned?: string | string[] | ReturnCondition;
  block?: Record<string, string | Whole | Part | (string | Whole | Part)[]>;
  role?: "user" | "system" | "assistant" | ("user" | "system" | "assistant")[];
  image?: boolean;
  purpose?: "reply" | "summary";
  times?: number;
}

/** A rule and the number of its uses. */
export interface RuleState {
  label: string;
  served: number;
  rule: Rule;
}

/** A run of a thread: how it ended, its steps, its tokens, and its duration in seconds. */
export interface RunView {
  id: string;
  status: string;
  stop_reason: string | null;
  steps: StepView[];
  usage: Record<string, number>;
  seconds: number | null;
}

/** A message to the user. */
export interface SayItem {
  ttft?: number | string;
  tokens_per_second?: number;
  jitter?: number;
  chunk?: number;
  keepalive?: number | string;
  say: string;
}

/**
 * A script: rules, of which the first matching one replies. `otherwise` says what replies if none
 * matches: the default brain, an echo, or an error with an explanation. `faults` are planned too.
 * `models` are handles that are known beside the catalogue, `providers` the user's own.
 */
export interface ScriptFile {
  version?: 1;
  replies?: Rule[];
  otherwise?: "default" | "echo" | "strict";
  faults?: PlannedFault[];
  models?: string[];
  providers?: DeclaredProvider[];
}

/** The text of a script file. */
export interface ScriptSource {
  text: string;
}

/** The rules in order, and what replies if none matches. */
export interface ScriptState {
  rules: RuleState[];
  otherwise: string;
}

export interface ServerQuery {
  name?: string;
}

export interface SlowFault {
  /** bytes per second */
  slow: number;
}

/** The names of the kept snapshots, oldest first, and how many can be kept. */
export interface SnapshotList {
  snapshots: string[];
  limit: number;
}

/** The name of a snapshot. */
export interface SnapshotName {
  name: string;
}

export interface StallFault {
  /** a duration such as 500ms, seconds, or forever */
  stall: number | string | "forever";
  /** how many frames come before */
  after_frames?: number;
}

export interface StatusFault {
  /** a status from 400 to 599 */
  status: number;
  /** seconds, or an HTTP date */
  retry_after?: number | string;
  /** the text of Letta's usual {detail: ...} body */
  detail?: string;
  /** the whole body, as JSON */
  body?: JsonValue;
  /** headers and their values */
  headers?: Record<string, string>;
  /** true if only the answer is lost */
  processed?: boolean;
}

/** A step of a run: the stop reason if it was the last, and its tokens. */
export interface StepView {
  id: string;
  stop_reason: string | null;
  prompt_tokens: number;
  completion_tokens: number;
}

/** The turn's stop reason, which ends the reply. `length` is the model's own token limit. */
export interface StopItem {
  stop: StopReasonType | "length";
}

/** Why an agent stopped. It is an enum because the server's 422 names one [60]. */
export type StopReasonType = "end_turn" | "error" | "llm_api_error" | "invalid_llm_response" | "invalid_tool_call" | "max_steps" | "max_tokens_exceeded" | "no_tool_call" | "tool_rule" | "cancelled" | "insufficient_credits" | "requires_approval" | "context_window_overflow_in_system_prompt";

/** The answer to compaction. The rule then answers requests for summaries, not messages. */
export interface SummaryItem {
  summary: string;
}

/** Agents by their tags. */
export interface Tagged {
  tag: string | string[];
}

/** Reasoning. */
export interface ThinkItem {
  ttft?: number | string;
  tokens_per_second?: number;
  jitter?: number;
  chunk?: number;
  keepalive?: number | string;
  think: string;
}

/** A conversation on one line. `default` stands for the agent's direct messages. */
export interface ThreadSummary {
  id: string;
  summary: string | null;
  messages: number;
  updated_at: string | null;
  doing: "idle" | "streaming" | "waiting for approval";
}

/**
 * The newest messages of a thread as lists show them. Each says whether it is in context; a user
 * message to which the client added something has the user's `own_words`. `earlier` says that
 * older messages are left out.
 */
export interface ThreadView {
  messages: Record<string, unknown>[];
  runs: RunView[];
  doing: "idle" | "streaming" | "waiting for approval";
  earlier: boolean;
}

export interface TokenCounts {
  prompt_tokens?: number | `${string}{{${string}}}${string}`;
  completion_tokens?: number | `${string}{{${string}}}${string}`;
  reasoning_tokens?: number | `${string}{{${string}}}${string}`;
}

export interface ToolView {
  name: string;
  description: string | null;
  requires_approval: boolean;
}

export interface TruncateFault {
  /** a number of frames, or of bytes of a JSON body */
  truncate: number;
}

/** The unmet expectations, each as a few lines. */
export interface UnmetList {
  unmet: string[];
}

/** The token counts of a step. By default they are computed from its texts. */
export interface UsageItem {
  usage: TokenCounts;
}

/** Time to wait before the items that follow. */
export interface WaitItem {
  wait: number | string | `${string}{{${string}}}${string}`;
}

/** Which requests of an operation are affected. All conditions must hold. */
export interface Where {
  /** parameters of the path and their values */
  path?: Record<string, string>;
  /** a whole text of the body */
  equals?: string;
  /** a part of a text in the body */
  contains?: string;
}

/**
 * The events to send: of one `world`, about operations of a pattern such as `agents.*`, about one
 * agent or one conversation, of some `kinds` separated by commas. All conditions must hold.
 */
export interface WhichEvents {
  world?: string;
  operation?: string;
  agent_id?: string;
  conversation_id?: string;
  kinds?: string;
}

/** The number of one fault; without it, all faults. */
export interface WhichFault {
  number?: number;
}

/** Matches the whole text. */
export interface Whole {
  exact: string;
}

/** All worlds, how many keys can have their own, and whether a new `key` gets one. */
export interface WorldList {
  worlds: WorldSummary[];
  limit: number;
  tenancy: "none" | "key";
}

export interface WorldQuery {
  key?: string;
}

/** A world: its name, the first characters of its key (null for the main one) and its sizes. */
export interface WorldSummary {
  id: string;
  key: string | null;
  agents: number;
  conversations: number;
  entries: number;
}

/** An item of a reply; a text is something to say. */
export type Item = string | CallItem | CallsItem | EditItem | EventItem | FailItem | FaultItem | SayItem | StopItem | SummaryItem | ThinkItem | UsageItem | WaitItem;

/** The methods that add an item to a reply. */
export abstract class ReplyMethods {
  protected abstract add(item: Item): this;

  /**
   * An edit of a memory block, made by a real call of the agent's memory tool: `insert` a text
   * (after line `at`, by default at the end), `replace` one text `with` another, or `set` the whole
   * value.
   */
  edit(edit: EditItem["edit"], options: Omit<EditItem, "edit"> = {}): this {
    return this.add({ edit, ...options });
  }

  /** The data of an event that is streamed literally: JSON, or a text, which may be invalid JSON. */
  event(event: EventItem["event"]): this {
    return this.add({ event });
  }

  /**
   * A failure of the model provider: before the first token, after the text of this step, or in the
   * middle of it, `after_tokens`. `message` is the provider's text.
   */
  fail(fail: FailItem["fail"], options: Omit<FailItem, "fail"> = {}): this {
    return this.add({ fail, ...options });
  }

  /** A fault of the response. */
  fault(fault: FaultItem["fault"]): this {
    return this.add({ fault });
  }

  /** A message to the user. */
  say(say: SayItem["say"], options: Omit<SayItem, "say"> = {}): this {
    return this.add({ say, ...options });
  }

  /** The answer to compaction. The rule then answers requests for summaries, not messages. */
  summary(summary: SummaryItem["summary"]): this {
    return this.add({ summary });
  }

  /** Reasoning. */
  think(think: ThinkItem["think"], options: Omit<ThinkItem, "think"> = {}): this {
    return this.add({ think, ...options });
  }

  /** The token counts of a step. By default they are computed from its texts. */
  usage(usage: UsageItem["usage"]): this {
    return this.add({ usage });
  }

  /** Time to wait before the items that follow. */
  wait(wait: WaitItem["wait"]): this {
    return this.add({ wait });
  }
}

/** A fault: what goes wrong. */
export type Fault = BusyFault | DelayFault | DuplicateFault | ErrorEventFault | ExpiredRunFault | FailFault | MalformedFault | MissingFault | NoDoneFault | ReorderFault | ResetFault | SlowFault | StallFault | StatusFault | TruncateFault;
/** A fault and the requests it is planned for. */
export type PlannedFault = Fault & Planning;
/**
 * A planned fault, the number of requests it matched, the number it affected, and whether
 * these are fewer than planned.
 */
export type FaultState = PlannedFault & { matched: number; fired: number; unfired: boolean };
/** A planned fault with its number in the plan. */
export type NumberedFault = FaultState & { number: number };

/** An event of a stream; `at` is in seconds since the request arrived. */
export interface EventDocument {
  at: number;
  event: string | null;
  data: any;
  whole: boolean;
}

/**
 * An entry as JSON values. Times are in seconds, `at` is ISO 8601; `cut` names the cut fields.
 * `response` is null if there are `events`. Both are empty until something is sent.
 */
export interface EntryDocument {
  number: number;
  at: string;
  operation: Operation | null;
  method: string;
  path: string;
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  key: string | null;
  sdk_version: string | null;
  retry_count: number | null;
  headers: Record<string, string>;
  body: any;
  rules: string[];
  unscripted: string | null;
  fault: string | null;
  quirks: string[];
  status: number | null;
  response_headers: Record<string, string>;
  response: any;
  events: EventDocument[];
  left_early: boolean;
  duration: number | null;
  cut: string[];
}

/** Entries, oldest first, and how many were dropped because there were too many. */
export interface EntryList {
  entries: EntryDocument[];
  dropped: number;
}

/**
 * Whether an expectation is met, and by which entries, or why it is not. `missing` is the number
 * of dropped entries that could have changed this.
 */
export interface ExpectationAnswer {
  met: boolean;
  message: string | null;
  entries: number[];
  missing: number;
}

/** A titled part of a report. */
export interface ReportSection {
  title: string;
  text: string;
}

/**
 * What happened in a world: its newest requests, the verdict unless it is clean, and the latest
 * conversations.
 */
export interface Report {
  sections: ReportSection[];
}

/** A finding as JSON values: the numbers of its entries, and each entry on a line. */
export interface FindingDocument {
  name: string;
  sentence: string;
  entries: number[];
  lines: string[];
}

/** A verdict as JSON values; `text` is the report. */
export interface VerdictDocument {
  clean: boolean;
  findings: FindingDocument[];
  notes: FindingDocument[];
  missing: number;
  omitted: number;
  text: string;
}

/** The query, the body and the answer of each operation of the control API. */
export interface ControlTypes {
  /** List the operations of the control API. */
  "control.index": { query: undefined; body: undefined; answer: ControlIndex };
  /** Reset the world to its start, with its seed. */
  "control.reset": { query: undefined; body: undefined; answer: WorldSummary };
  /** List the names of the kept snapshots of this world. */
  "control.snapshots.list": { query: undefined; body: undefined; answer: SnapshotList };
  /** Keep a snapshot of the world under a name. It replaces one with the same name. */
  "control.snapshots.create": { query: undefined; body: SnapshotName; answer: SnapshotName };
  /** Remove all kept snapshots of this world. */
  "control.snapshots.delete": { query: undefined; body: undefined; answer: SnapshotList };
  /** Restore a kept snapshot of the world. */
  "control.restore": { query: undefined; body: SnapshotName; answer: WorldSummary };
  /** Return the world as a snapshot file. */
  "control.snapshot.retrieve": { query: undefined; body: undefined; answer: string };
  /** Return the world as a seed file, which people can read and edit. */
  "control.seed.retrieve": { query: undefined; body: undefined; answer: string };
  /** Replace the world by a snapshot file, sent as application/x-ndjson. */
  "control.snapshot.restore": { query: undefined; body: string; answer: WorldSummary };
  /** Give a key a new world that starts as a copy of this one. */
  "control.fork": { query: undefined; body: ForkKey; answer: WorldSummary };
  /** List the worlds: the main one first, then those of keys. */
  "control.worlds.list": { query: undefined; body: undefined; answer: WorldList };
  /** Delete the world of one `key`, or those of all keys. The main world remains. */
  "control.worlds.delete": { query: WorldQuery; body: undefined; answer: RemovedWorlds };
  /** List the rules and how often each was used. */
  "control.script.retrieve": { query: undefined; body: undefined; answer: ScriptState };
  /** Replace the script file, given as JSON. Rules that were added remain after its rules. */
  "control.script.replace": { query: undefined; body: ScriptFile; answer: ScriptState };
  /** Check the text of a script file, YAML or JSON, without loading it. */
  "control.script.check": { query: undefined; body: ScriptSource; answer: CheckedScript };
  /** Load the text of a script file, YAML or JSON. */
  "control.script.load": { query: undefined; body: ScriptSource; answer: ScriptState };
  /** Add a rule after all others. */
  "control.script.add": { query: undefined; body: Rule; answer: RuleState };
  /** List the declared MCP servers with their tools. */
  "control.mcp_servers.list": { query: undefined; body: undefined; answer: DeclaredServers };
  /** Declare the tools of an MCP server, and what they return. */
  "control.mcp_servers.declare": { query: undefined; body: DeclareServer; answer: DeclaredServer };
  /** Remove the declared MCP server with a `name`, or all of them. */
  "control.mcp_servers.delete": { query: ServerQuery; body: undefined; answer: DeclaredServers };
  /** List the planned faults, and how many requests each matched and affected. */
  "control.faults.list": { query: undefined; body: undefined; answer: FaultList };
  /** List the kinds of faults with their keys, and the operations that they can be planned for. */
  "control.faults.kinds": { query: undefined; body: undefined; answer: FaultKinds };
  /** Plan a fault: the operation it is `on`, what goes wrong, and how often. */
  "control.faults.create": { query: undefined; body: PlannedFault; answer: FaultState };
  /** Remove the planned fault of one `number`, or all of them. */
  "control.faults.delete": { query: WhichFault; body: undefined; answer: FaultList };
  /** List requests and their responses: the newest, or those since a number (`since`). */
  "control.journal.list": { query: EntriesQuery; body: undefined; answer: EntryList };
  /** Show one request with its whole bodies and events. */
  "control.journal.retrieve": { query: undefined; body: undefined; answer: EntryDocument };
  /** Remove all entries. Their numbers are not used again. */
  "control.journal.delete": { query: undefined; body: undefined; answer: EntryList };
  /** Check that requests were made as expected, and report what differed. */
  "control.journal.expect": { query: undefined; body: Expectation; answer: ExpectationAnswer };
  /** Check that operations were called in an order. If not, return what was received instead. */
  "control.journal.expect_sequence": { query: undefined; body: ExpectedSequence; answer: ExpectationAnswer };
  /** List unmatched messages of a strict script, and rules and faults that were never used. */
  "control.unmet": { query: undefined; body: undefined; answer: UnmetList };
  /** Return what the report of a failing test shows: requests, verdict and conversations. */
  "control.report": { query: undefined; body: undefined; answer: Report };
  /** Return what the client did wrong, with the entries that show it. */
  "control.verdict": { query: FindingsQuery; body: undefined; answer: VerdictDocument };
  /** Show metrics of the server for Prometheus. */
  "control.metrics": { query: undefined; body: undefined; answer: string };
  /** Stream what happens in all worlds as Server-Sent Events; `Last-Event-ID` resumes. */
  "control.events": { query: WhichEvents; body: undefined; answer: undefined };
  /** Return the world's time, and whether the clock is frozen. */
  "control.clock.retrieve": { query: undefined; body: undefined; answer: ClockState };
  /** Freeze, resume, advance or set the clock, or set its tick. */
  "control.clock.update": { query: undefined; body: ClockChange; answer: ClockState };
  /** Show how fast replies stream. */
  "control.pace.retrieve": { query: undefined; body: undefined; answer: PaceState };
  /** Set how fast replies stream. Jitter, chunks and keep-alive stay as they are. */
  "control.pace.update": { query: undefined; body: PaceOrder; answer: PaceState };
  /** List all agents and what each is doing. */
  "control.agents.list": { query: undefined; body: undefined; answer: AgentSummaries };
  /** Show an agent with its memory, tools, conversations and compiled system message. */
  "control.agents.retrieve": { query: undefined; body: undefined; answer: AgentView };
  /** Show the newest messages of a conversation, or of an agent's direct messages (`default`). */
  "control.agents.threads.retrieve": { query: undefined; body: undefined; answer: ThreadView };
  /** List the changes of a block's value, each with its time, its cause and both values. */
  "control.blocks.history": { query: undefined; body: undefined; answer: BlockChanges };
}

/** The request of each operation of the control API. */
export const CONTROL = {
  "control.index": ["GET", "/_mockletta/"],
  "control.reset": ["POST", "/_mockletta/reset"],
  "control.snapshots.list": ["GET", "/_mockletta/snapshots"],
  "control.snapshots.create": ["POST", "/_mockletta/snapshots"],
  "control.snapshots.delete": ["DELETE", "/_mockletta/snapshots"],
  "control.restore": ["POST", "/_mockletta/restore"],
  "control.snapshot.retrieve": ["GET", "/_mockletta/snapshot"],
  "control.seed.retrieve": ["GET", "/_mockletta/seed"],
  "control.snapshot.restore": ["PUT", "/_mockletta/snapshot"],
  "control.fork": ["POST", "/_mockletta/fork"],
  "control.worlds.list": ["GET", "/_mockletta/worlds"],
  "control.worlds.delete": ["DELETE", "/_mockletta/worlds"],
  "control.script.retrieve": ["GET", "/_mockletta/script"],
  "control.script.replace": ["PUT", "/_mockletta/script"],
  "control.script.check": ["POST", "/_mockletta/script/check"],
  "control.script.load": ["PUT", "/_mockletta/script/text"],
  "control.script.add": ["POST", "/_mockletta/script/rules"],
  "control.mcp_servers.list": ["GET", "/_mockletta/mcp-servers"],
  "control.mcp_servers.declare": ["PUT", "/_mockletta/mcp-servers"],
  "control.mcp_servers.delete": ["DELETE", "/_mockletta/mcp-servers"],
  "control.faults.list": ["GET", "/_mockletta/faults"],
  "control.faults.kinds": ["GET", "/_mockletta/faults/kinds"],
  "control.faults.create": ["POST", "/_mockletta/faults"],
  "control.faults.delete": ["DELETE", "/_mockletta/faults"],
  "control.journal.list": ["GET", "/_mockletta/journal"],
  "control.journal.retrieve": ["GET", "/_mockletta/journal/{number}"],
  "control.journal.delete": ["DELETE", "/_mockletta/journal"],
  "control.journal.expect": ["POST", "/_mockletta/journal/expect"],
  "control.journal.expect_sequence": ["POST", "/_mockletta/journal/expect-sequence"],
  "control.unmet": ["GET", "/_mockletta/unmet"],
  "control.report": ["GET", "/_mockletta/report"],
  "control.verdict": ["GET", "/_mockletta/verdict"],
  "control.metrics": ["GET", "/metrics"],
  "control.events": ["GET", "/_mockletta/events"],
  "control.clock.retrieve": ["GET", "/_mockletta/clock"],
  "control.clock.update": ["PUT", "/_mockletta/clock"],
  "control.pace.retrieve": ["GET", "/_mockletta/pace"],
  "control.pace.update": ["PUT", "/_mockletta/pace"],
  "control.agents.list": ["GET", "/_mockletta/agents"],
  "control.agents.retrieve": ["GET", "/_mockletta/agents/{agent_id}"],
  "control.agents.threads.retrieve": ["GET", "/_mockletta/agents/{agent_id}/threads/{thread_id}"],
  "control.blocks.history": ["GET", "/_mockletta/blocks/{block_id}/history"],
} as const;
