"""Where mockletta differs from the recorded server on purpose, one entry each.

An entry that no longer excuses a difference fails the replay of its file, so the list stays true.
"""

from collections.abc import Sequence

from mockletta.recordings.drift.answer_comparison import Tie
from mockletta.recordings.drift.playing import Deviation

NO_REASONING = "no brain can report reasoning tokens"
ABSURD_LIMIT = "an absurd limit broke the database; we validate it"
UNHANDLED = "an unhandled exception of the recorded server"
SQL = "the recorded error quotes SQL"
BY_TIME = "compaction renumbered positions so that lists interleave; we list by creation"
ROW_LEFT = "a refused create left its row behind"
NEWER = "the SDK knows more values than the recorded server"
NO_NETWORK = "a mock fetches nothing"
AFTER_CANCEL = "the recorded server went on storing messages of cancelled steps"
LOST_UPDATE = "interleaved requests overwrote each other's context, so that later counts are lower"
TRACEBACK = "no code of a client is run: there is no traceback to show"
NO_CODE_RUN = "no code of a client is run: a value stands in"
FINGERPRINT = "$.sandbox_config_fingerprint"
BLOCK_ORDER = "the recorded order of blocks made with their agent is arbitrary"
ARBITRARY = "the recorded order of an agent's tools is arbitrary"
CUT = "the end of the text was cut when it was recorded"
TEXT_LOST = "the text before a call was lost where there was no stream"
OTHER_VECTORS = "vectors are of the declared size"
PARALLEL = "files were processed in parallel: their order is chance; vectors are ours"
SAME_VECTORS = "all recorded vectors are the same: which was nearest is chance"
NO_CLICKHOUSE = "the recorded server had nowhere to keep traces"
PROVIDERS_OWN = "ids, times and texts of its own; the SDK has a latency and no user"
PROVIDER_TRACE = (
    "$.user_id",
    "$.latency_ms",
    "$.request_json.tools[[]*.description",
    "$.response_json.id",
    "$.response_json.created",
)
OWN_TEXTS = "what base tools say of themselves is ours"
COUNTED = "sizes are derived from the lengths of texts"
CONTEXT_SIZES = ("$.context_window_size_current", "$.num_tokens_*")
SET_UP = "no time is told of what was there before the world was"
ENUM = "the recorded server wrote all values of a Literal as one text"
STEPS_BROKEN = "GET /v1/steps/ was always a 400"
PINGS_ONLY = "the recorded stream pings for ever: nothing of a foreground stream is kept"
ANY_CHILD = "a conditional rule whose default is null allows any tool, says the SDK"
ONE_PROVIDER = "the recorded server had no key of any other provider"
SLOW_LOOKUP = "looking up the host took seconds: a run was still under way when it was read"
OTHER_MODELS = "all recorded providers served the same models; ours serve those of their kind"
OTHER_TYPES = "which types are known depended on the recorded machine"
BYTES_LOST = "bytes that are no text were recorded as other, longer ones"
TIED = "files that were opened together: which is closed first is chance"
NO_SANDBOX = "no code of a client is run: there are no sandboxes to configure"
ROWS_OF_DELETED = "the turn of a deleted conversation went on and left rows that nobody owns"
LATER = "a call without a stream took as long as ten words: the deletion came in another step"
AT_ONCE = "a turn without pauses is over before the next request begins"
FOREIGN_PAGE = "any page that a developer visits could use the mock"
SHOWN_TWICE = "the answer showed a rule twice that was stored once"
SHADOWED = "another route stood in the way of this one"
POSIX_SETS = "patterns are searched by an engine with a time limit, which knows sets like [:alpha:]"
LAID_DOWN = "a laid-down return is text, not what a tool's code made"

DEVIATIONS: Sequence[Deviation] = (
    Deviation("01", "list after unknown label*", ROW_LEFT, paths=("$.length",)),
    Deviation("01", "model_settings unknown provider_type", NEWER, paths=("$.detail",)),
    Deviation(
        "02",
        "order_by last_message_at desc after a null one",
        "ties are sorted by random ids: which rows follow is chance",
    ),
    Deviation(
        "02",
        "order_by last_message_at asc after",
        "after a row with a date, ascending pages lost the rows without one",
        paths=("$.length",),
    ),
    Deviation("41", "CORS origin unknown", FOREIGN_PAGE, paths=("status", "headers", "$*")),
    Deviation("05", "messages after loop cancel", AFTER_CANCEL, paths=("$.length",)),
    Deviation("06", "after compact*messages asc", BY_TIME, paths=("$.order",)),
    Deviation("13", "*st*", NO_REASONING, paths=("*.reasoning_tokens",)),
    Deviation(
        "14",
        "input and messages",
        "the echoed input shows what validation had already added to it",
        paths=("$.detail",),
    ),
    Deviation("14", "image url unreachable*", NO_NETWORK, skip=True),
    Deviation("15", "preview raw payload*", OWN_TEXTS, paths=("$.tools[[]*.description",)),
    Deviation("21", "runs/{id}/stream no body", UNHANDLED, status=200),
    Deviation("22", "messages after interleaving", LOST_UPDATE, paths=("$.order",)),
    Deviation("22", "messages at the end", LOST_UPDATE, paths=("$.order", "*.content", "$.length")),
    Deviation("22", "*otid*", LOST_UPDATE, paths=("*.content",)),
    Deviation("22", "agent-direct non-streaming running", LOST_UPDATE, paths=("*.content",)),
    Deviation("22", "free again", LOST_UPDATE, paths=("*.content",)),
    Deviation("32", "big_tool", CUT, paths=("*.tool_return",)),
    Deviation("32", "dict_tool", LAID_DOWN, paths=("data 3.content",)),
    Deviation("32", "unknown tool", ARBITRARY, paths=("*.tool_return",)),
    Deviation(
        "32",
        "messages*",
        "those of the exchanges before, with their differences",
        paths=("$[[]11].*", "$[[]16].*", "$[[]27].*"),
    ),
    Deviation("33", "call without approval now", TEXT_LOST, paths=("$.messages*",)),
    Deviation("40", "run unknown trace", NO_CLICKHOUSE, status=404),
    Deviation("40", "run malformed trace", NO_CLICKHOUSE, status=400),
    Deviation("41", "CORS preflight", "another version of starlette", paths=("header vary",)),
    Deviation(
        "41",
        "405[?] GET /v1/agents/ID/messages/stream",
        "`allow` named PATCH, which is for messages/{message_id}",
        paths=("header allow",),
    ),
    Deviation("43", "overflow messages*", BY_TIME, paths=("$.order",)),
    Deviation("44", "messages include_compaction=*", BY_TIME, paths=("$.order",)),
    Deviation("46", "messages include_compaction=*", BY_TIME, paths=("$.order",)),
    Deviation("46", "tool loop messages", BY_TIME, paths=("$.order",)),
    Deviation("46", "mode all messages", BY_TIME, paths=("$.order",)),
    Deviation("50", "enable_sleeptime", UNHANDLED, status=200),
    Deviation("50", "everything", BLOCK_ORDER, paths=("*blocks[[]1].metadata.k",)),
    Deviation("50", "*: context", ARBITRARY, paths=("$.functions_definitions*",)),
    Deviation(
        "50",
        "everything: context",
        "rules stand in the order they were given, and initial messages are kept as they were",
        paths=("$.tool_usage_rules", "$.messages[[]*", "$.core_memory"),
    ),
    Deviation("51", "tags *", "lists other scenarios' tags", paths=("$.length",)),
    Deviation("53", "export*", ARBITRARY, paths=("$.tools[[]?].id",)),
    Deviation("81", "unknown type", OTHER_TYPES, paths=("$.detail",)),
    Deviation("81", "binary in txt", BYTES_LOST, paths=("$.file_size",)),
    Deviation("81", "files at last", BYTES_LOST, paths=("$[[]16].file_size",)),
    Deviation("81", "files at last", SQL, paths=("$[[]16].error_message",)),
    Deviation("81", "tool semantic_search_files", SAME_VECTORS, paths=("$.func_return",)),
    Deviation("81", "model opens", SAME_VECTORS, paths=("$.messages[[]7].*",)),
    Deviation("81", "passages", OTHER_VECTORS, paths=("*.embedding*",)),
    Deviation("81", "metadata", SHADOWED, status=200),
    Deviation("81", "limited open *", TIED, paths=("$[[]0]",)),
    Deviation("81", "limited files now", TIED, paths=("$.files[[]1[14]].*",)),
    Deviation("81", "tools after detaching all", ARBITRARY, paths=("$.order",)),
    Deviation("82_", "list by name", ROW_LEFT),
    Deviation("82_", "agent", SHOWN_TWICE, paths=("$.tool_rules*",)),
    Deviation("53", "system *recompiled", BLOCK_ORDER, paths=("$[[]0].content",)),
    Deviation("53", "recompile*", BLOCK_ORDER, paths=("$",)),
    Deviation("53", "old route", BLOCK_ORDER, paths=("$",)),
    Deviation(
        "55",
        "system message after attach*",
        "blocks stood in the prompt as the database kept them: the changed one last",
        paths=("$[[]0].content",),
    ),
    Deviation(
        "56",
        "conversation_search",
        "quoted up to 200 characters, of which times like `11s ago` are more or fewer",
        paths=("data 3.content",),
    ),
    Deviation("56", "passages", OTHER_VECTORS, paths=("*.embedding",)),
    Deviation("57", "context", ARBITRARY, paths=("$.functions_definitions*",)),
    Deviation("57", "preview raw payload", ARBITRARY, paths=("$.tools[[]*",)),
    Deviation("57", "chat completions stream", "the time it is", paths=("*.created",)),
    Deviation("57", "stream empty messages", UNHANDLED, paths=("data 2.detail",)),
    Deviation("60", "run trace*", NO_CLICKHOUSE, status=200),
    Deviation("60", "delete run", UNHANDLED, skip=True),
    Deviation("60", "delete again", UNHANDLED, skip=True),
    Deviation("62", "list after unknown", "lists other scenarios' tools", skip=True),
    Deviation("62", "count exclude letta", "counts other scenarios' tools"),
    Deviation("62", "add-base-tools", ARBITRARY, skip=True),
    Deviation("62", "run from source*", NO_CODE_RUN, paths=("$.*",)),
    Deviation("62", "run tool", NO_CODE_RUN, paths=("$.func_return", "$.stdout*")),
    Deviation("62", "agent with many tools", BLOCK_ORDER, paths=("$.*blocks*",)),
    Deviation("62", "agent tools *", ARBITRARY, paths=("$.length", "$.order", "$[[]*")),
    Deviation("63", "*passage*", OTHER_VECTORS, paths=("*.embedding",)),
    Deviation(
        "63",
        "global search*",
        "the recorded server had no scores, and other vectors",
        paths=("*.embedding", "*.score"),
    ),
    Deviation(
        "63",
        "global search empty",
        "finds another scenario's too",
        paths=("$.length", "*.passage*"),
    ),
    Deviation("63", "global search archive", SAME_VECTORS, paths=("*.passage.*",)),
    Deviation("63", "global search agent", SAME_VECTORS, paths=("*.passage.*",)),
    Deviation("63", "global search both ids", SAME_VECTORS, paths=("*.passage.*",)),
    Deviation("63", "agent passages search endpoint", SAME_VECTORS, paths=("$.results.order",)),
    Deviation("63", "search top_k", SAME_VECTORS, paths=("$.results*",)),
    Deviation("64", "metadata", "another route stood in the way of this one", status=200),
    Deviation("64", "folder passages", PARALLEL),
    Deviation("64", "agent tools *", ARBITRARY, paths=("$.order", "$[[]*")),
    Deviation("66", "tool retrieve", UNHANDLED, status=200),
    Deviation("67", "admin users", SET_UP, paths=("$[[]0].updated_at",)),
    Deviation("67", "admin orgs", SET_UP, paths=("$[[]0].created_at",)),
    Deviation("67", "auth", UNHANDLED, status=200),
    Deviation("67", "embeddings total", "counts other scenarios' passages", paths=("$",)),
    Deviation(
        "74",
        '* {"model_settings": {"provider_type": "anthropic"}}',
        "what another provider's settings say of reasoning counts",
        paths=("$.llm_config.enable_reasoner",),
    ),
    Deviation("74", "message after efforts", NO_REASONING, paths=("*.reasoning_tokens",)),
    Deviation(
        "74",
        'PATCH {"llm_config": {"model": "gpt-4o"}}',
        "the echoed input shows what validation had already added to it",
        paths=("$.detail",),
    ),
    Deviation("74", "its tools", ARBITRARY, paths=("$.order",)),
    Deviation("74", "message after *message_ids*", "the system message stays", status=200),
    Deviation("74", "PATCH *message_ids*0000*", "a message that no one has is refused", status=404),
    Deviation(
        "79",
        "agent with identities",
        "the recorded order of an agent's identities is arbitrary",
        paths=("$.identity_ids*", "$.identities.order"),
    ),
    Deviation("69", "servers before", "lists other scenarios' servers", skip=True),
    Deviation("70_", "create: *Literal*", ENUM, paths=("*.a.enum*", "*.a.type")),
    Deviation("70x", "reset-messages", LOST_UPDATE, paths=("$.message_ids.length",)),
    Deviation("70x", "reset-messages*", AFTER_CANCEL, paths=("$.last_stop_reason",)),
    Deviation("70x", "recompile", BLOCK_ORDER, paths=("$",)),
    Deviation("70x", "export", BLOCK_ORDER, paths=("$.agents[[]0].messages*", "$.blocks[[]?].id")),
    Deviation("70x", "*passage*", OTHER_VECTORS, paths=("*.embedding*", "*.score")),
    Deviation("70x", "passages search", SAME_VECTORS, paths=("$[[]?].passage.*",)),
    Deviation("75", "messages after *", BY_TIME, paths=("$.order",)),
    Deviation("76", "callback on messages", LOST_UPDATE, paths=("$.messages[[]0].content",)),
    Deviation("78", "check refused*", NO_NETWORK, status=200),
    Deviation("78", "check ollama", NO_NETWORK, status=200),
    Deviation("78", "refresh refused url", NO_NETWORK, paths=("$.last_synced",)),
    Deviation("78", "list all", NO_NETWORK, paths=("$[[]?].last_synced",)),
    Deviation("78", "models of refused", NO_NETWORK, paths=("$.length",)),
    Deviation("78", "models of type *", OTHER_MODELS, paths=("$.length", "$[[]*")),
    Deviation("78", "check unknown type", NEWER, paths=("$.detail",)),
    Deviation("78", "list by bad type", NEWER, paths=("$.detail",)),
    Deviation("78", "create bad type", NEWER, paths=("$.detail",)),
    Deviation("80", "conversation", TEXT_LOST, paths=("$.messages*",)),
    Deviation("83", "compacted: messages at the end", BY_TIME, paths=("$.order",)),
    Deviation("84", "background after foreground (never ends*", PINGS_ONLY, skip=True),
    Deviation("84", "direct messages of one", LOST_UPDATE, paths=("$[[]4].content",)),
    Deviation("84", "resume by otid of the running foreground run*", PINGS_ONLY, status=404),
    Deviation("85_", "gpt-5 effort: message", NO_REASONING, paths=("*.reasoning_tokens",)),
    Deviation("85_", "conditional: tool twice", ANY_CHILD, status=200),
    Deviation("85_", "conditional: preview", ANY_CHILD, paths=("$.messages*",)),
    Deviation("85_", "models", ONE_PROVIDER, paths=("$.length",)),
    Deviation("85x", "*: check", NO_NETWORK, status=200),
    Deviation("85x", "google_ai *: async run", SLOW_LOOKUP),
    Deviation("85x", "google_ai *: agent", SLOW_LOOKUP, paths=("$.last_stop_reason",)),
    Deviation("87", "run from source with env", UNHANDLED, paths=("$.*",)),
    Deviation("87", "after sandbox env: tool sees *", NO_SANDBOX, paths=("$.func_return",)),
    Deviation("88", "ns beside stream*", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "messages after these", LOST_UPDATE, paths=("$.order", "*.content")),
    Deviation("88", "compact beside*", LOST_UPDATE, paths=("*.content", "$.num_*", "*.length")),
    Deviation("88", "fork beside*", LOST_UPDATE, paths=("*.content", "$.length")),
    Deviation("88", "PATCH beside*", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "tool detach beside: tools", ARBITRARY, paths=("$.order",)),
    Deviation("88", "tool deleted: next", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "conversation deleted beside*", ROWS_OF_DELETED),
    Deviation("88", "agent deleted beside", LATER, paths=("stream.length", "data *", "event *")),
    Deviation("88", "direct agent", LOST_UPDATE, paths=("$.message_ids.length",)),
    Deviation("88", "default stream", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "agent after reset*", LOST_UPDATE, paths=("$.message_ids.length",)),
    Deviation("88", "messages after reset*", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "burst [0-9]", LOST_UPDATE, paths=("*.content",)),
    Deviation("88", "after burst", LOST_UPDATE, paths=("$.message_ids.length",)),
    Deviation("88", "burst stream *", AT_ONCE, paths=("status", "*.content")),
    Deviation("88", "after burst stream", AT_ONCE, paths=("$.length", "*.content")),
    Deviation("89", "run delete", UNHANDLED, skip=True),
    Deviation("86", "messages after compaction", BY_TIME, paths=("$*",)),
    Deviation("90_", "agent", SHOWN_TWICE, paths=("$.tool_rules*",)),
    Deviation("92_", "* meta", SHADOWED, status=200),
    Deviation("92_", "models *", ONE_PROVIDER, paths=("$.length",)),
    Deviation("93_", "grep [[][[]:alpha:]", POSIX_SETS),
    Deviation("99_", "passage", OTHER_VECTORS, paths=("*.embedding*",)),
    Deviation("97_", "create: literal mixed", ENUM, paths=("*.a.enum*", "*.a.type")),
)


# Lists sorted by a key that is null or the same for several objects, whose order was arbitrary.
# Blocks created with their agent have the same time [56 blocks], as have passages of one batch.
TIES: Sequence[Tie] = (
    ("02_*", "order_by last_*", "*"),
    ("51_*", "order_by last_run_completion", "*"),
    ("*", "*", "*/core-memory/blocks"),
    ("54_*", "list connected *", "*"),
    ("63_*", "agent passages*", "*/archival-memory"),
)

# The kinds of deviations, in whatever recording.
KINDS: Sequence[Deviation] = (
    Deviation(
        "",
        "*",
        UNHANDLED,
        paths=("status",),
        expected=r"^500 (null|.*An? (unknown|database) error occurred|.*Export failed)",
        got=r"^4\d\d ",
    ),
    Deviation("", "*", STEPS_BROKEN, paths=("status",), expected=r"^400 .*Argument order does"),
    Deviation("", "*", SQL, paths=("$.detail",), expected=r"\[SQL: "),
    Deviation("", "*trace*", PROVIDERS_OWN, paths=PROVIDER_TRACE),
    Deviation("", "telemetry", PROVIDERS_OWN, paths=PROVIDER_TRACE),
    Deviation("", "*context*", COUNTED, paths=CONTEXT_SIZES),
    Deviation("", "*", NO_CODE_RUN, paths=(FINGERPRINT,)),
    Deviation("", "*", TRACEBACK, paths=("*.stderr[[]0]",), expected="^(… )?Traceback"),
)
