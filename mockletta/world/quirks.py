"""Quirks: where the recorded server contradicts the SDK's documentation.

All are off by default. If an answer depends on a quirk, the journal marks the request. The log
names each quirk once.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from mockletta.journal.entries import Dependence, Entry
from mockletta.state.paging import Page

logger = logging.getLogger("mockletta")


@dataclass(frozen=True, eq=False)
class Quirk:
    """One contradiction: what the recorded server does, and the recording that shows it.

    `source` says how the documented behaviour is known, and which parts are guesses. `in_passing`
    quirks are not the client's fault: most clients never read what they change, or they depend on
    how a server is set up.
    """

    name: str
    recorded: str
    recording: str
    in_passing: bool = False
    source: str = "the SDK's documentation"


CHRONOLOGICAL_CURSORS = Quirk(
    "chronological-message-cursors",
    "messages of conversations and of runs take `after` and `before` in order of time whatever the "
    "`order`, so paging newest first with `after` repeats the newest and never reaches the old",
    "17_messages_list, 18_sdk_pagination, 89 messages of one",
)
OLDEST_FIRST = Quirk(
    "agent-messages-oldest-first",
    "an agent's messages in order `desc` are the newest ones, but oldest first, and `after` and "
    "`before` go by time whatever the `order`",
    "16_messages_default_and_agent_direct, 17_messages_list, 18_sdk_pagination",
)
INVERTED_RUN_CURSORS = Quirk(
    "inverted-run-cursors",
    "run lists swap `after` and `before`",
    "18_sdk_pagination, 60_runs_steps",
)
BEFORE_TAKES_FIRST = Quirk(
    "before-takes-first",
    "a page `before` a cursor starts at the list's beginning instead of ending at the cursor, so "
    "paging backwards leaves out what lies between",
    "17_messages_list, 51_agents_list",
)
UNFINISHED_RUNS = Quirk(
    "unfinished-json-runs",
    "runs of conversation requests without streaming have no conversation and stay `created`",
    "12 runs, 16_messages_default_and_agent_direct, 60_runs_steps",
    in_passing=True,
)
NO_RUN_COMPLETION = Quirk(
    "agents-without-run-completion",
    "agents never show when their last run was completed nor how long it took",
    "16_messages_default_and_agent_direct, 51_agents_list",
    in_passing=True,
)
UNKNOWN_BLOCKS = Quirk(
    "unknown-blocks-without-agents",
    "the agents of an unknown block are an empty list, not a 404",
    "54 agents of unknown block",
)
STREAMED_COMPLETIONS = Quirk(
    "streamed-completions-only",
    "chat completions without `stream` are a 400: an open server does not have them yet",
    "57_agent_messages",
)
NO_SEARCH = Quirk(
    "search-without-embeddings",
    "searches of messages and of tools are refused with a 400, since nothing is embedded, and the "
    "tool conversation_search ignores its dates",
    "57 agents messages search, 62 search, 80 conversation_search dates",
    in_passing=True,
)
COMPACTION_ALERTS = Quirk(
    "compaction-alerts",
    "a compaction within a turn adds a `user_message` with a system alert, requested or not; only "
    "agents' own streams know `include_compaction_messages`",
    "44_compaction_mid_run, 46_compaction_after_step",
)
UPSERT_ONLY_UPDATES = Quirk(
    "upsert-only-updates",
    "upserting an identity with an unknown key is a 404: nothing is created",
    "65 upsert of an unknown key",
)
NO_CLOUD = Quirk(
    "no-cloud",
    "only Letta Cloud has schedules, templates, environments and client-side access tokens: an "
    "open server answers 404, ignores the headers that name a project, and puts groups and the "
    "blocks of a new agent in no project",
    "67_cloud_only, 89 agent with project header",
    in_passing=True,
)
IGNORED_HIDING = Quirk(
    "hidden-never-updated",
    "`hidden` in an update of an agent is ignored: an agent stays as hidden as it was created",
    "73 PATCH hidden false",
)
STUCK_REQUESTS = Quirk(
    "cancelled-requests-stay-pending",
    "cancelling a run that waits for an approval in a conversation makes the run `cancelled`, but "
    "the request stays pending: the next message is refused until somebody answers it",
    "71_cancel_matrix",
    source="none: it is on in both profiles, which is a guess for `cloud`",
)
REPLACED_TAGS = Quirk(
    "replaced-feedback-tags",
    "the tags of feedback replace the tags of a step instead of being added to them",
    "89 feedback only tags",
)
IGNORED_ORDERS = Quirk(
    "ignored-agent-orders",
    "lists of agents ignore `ascending` and `sort_by`",
    "51_agents_list",
)
DERIVED_SETTINGS = Quirk(
    "derived-model-settings",
    "an agent's `model_settings` are derived from its `llm_config`: what that does not have, such "
    "as `parallel_tool_calls` and `response_format`, shows its default",
    "74 PATCH model_settings, 85 agent json_object in model_settings",
    in_passing=True,
)
UNSENT_FORMATS = Quirk(
    "unsent-response-formats",
    "an agent's own `response_format`, outside its `model_settings`, is kept and never sent to the "
    "model",
    "74 PATCH response_format, 85 json_schema at the top",
)
KEPT_MESSAGES = Quirk(
    "kept-imported-messages",
    "an import ignores `strip_messages`",
    "82x strip_messages",
)
UNLISTED_FOLDERS = Quirk(
    "unlisted-folders",
    "the system prompt says nothing about an agent's folders and files",
    "81 recompile limited",
    in_passing=True,
)
REDIRECTS = Quirk(
    "redirected-paths",
    "a path without its final slash, or with one too many, is answered by a redirect (307)",
    "41 redirect *",
    in_passing=True,
    source="the guides: their requests follow no redirect",
)
NO_DEFAULT_MODELS = Quirk(
    "no-default-models",
    "an agent without a model and a folder without an embedding model are refused with a 400, and "
    "`letta/auto` and `letta/auto-fast` are unknown",
    "42 no model, 64 no embedding",
    in_passing=True,
    source="public threads; which models, and their sizes, are a guess",
)
UPDATED_CONFIGS = Quirk(
    "updated-llm-configs",
    "an update of an agent takes `llm_config`",
    "74 PATCH llm_config",
    source="public threads; the text is a guess",
)
PENDING_IN_WORDS = Quirk(
    "pending-approvals-in-words",
    "in a conversation the 409 of a message while a call waits for an approval has a text, and no "
    "object that names the request",
    "30 user message while pending",
    in_passing=True,
    source="public threads; that conversations have it is a guess",
)
PROVIDER_CREDITS = Quirk(
    "credits-of-the-provider",
    "out of credits is the model provider's error, without the hosted service's reasons",
    "43 error 402",
    in_passing=True,
    source="public threads; that a provider's 402 means it is a guess",
)
CONVERSATIONS_AFTER_ONLY = Quirk(
    "conversations-without-before",
    "lists of conversations ignore `before`",
    "02 before is not a parameter",
    source="the other lists: no SDK has the parameter here",
)
SPARED_ASYNC_RUNS = Quirk(
    "cancels-spare-async-runs",
    "cancelling an agent's runs without naming one cancels its newest run that is not async, even "
    "if that has ended and an async one is in progress",
    "70x agent cancel",
)
UNHEARD_CLIENT_TOOLS = Quirk(
    "async-without-client-tools",
    "an async request ignores its `client_tools`: a call of one is a call of an unknown tool",
    "76 needs approval",
)
STALE_RECOMPILATIONS = Quirk(
    "stale-recompilations",
    "recompiling an agent's system prompt answers with the prompt that it replaces",
    "53 recompile",
    in_passing=True,
)
SILENT_CALLS = Quirk(
    "silent-older-calls",
    "a token stream of an agent of an older type, such as `memgpt_v2_agent`, shows nothing of a "
    "reply whose call has no argument `thinking`",
    "72 token streams of send_message",
)
ALL = (
    REPLACED_TAGS,
    CHRONOLOGICAL_CURSORS,
    OLDEST_FIRST,
    INVERTED_RUN_CURSORS,
    BEFORE_TAKES_FIRST,
    UNFINISHED_RUNS,
    NO_RUN_COMPLETION,
    UNKNOWN_BLOCKS,
    STREAMED_COMPLETIONS,
    NO_SEARCH,
    COMPACTION_ALERTS,
    UPSERT_ONLY_UPDATES,
    IGNORED_ORDERS,
    NO_CLOUD,
    STUCK_REQUESTS,
    IGNORED_HIDING,
    REDIRECTS,
    NO_DEFAULT_MODELS,
    UPDATED_CONFIGS,
    PENDING_IN_WORDS,
    PROVIDER_CREDITS,
    DERIVED_SETTINGS,
    UNSENT_FORMATS,
    UNHEARD_CLIENT_TOOLS,
    KEPT_MESSAGES,
    UNLISTED_FOLDERS,
    SPARED_ASYNC_RUNS,
    CONVERSATIONS_AFTER_ONLY,
    SILENT_CALLS,
    STALE_RECOMPILATIONS,
)
RECORDED = "recorded"


def by_name() -> dict[str, Quirk]:
    """Return all quirks by name."""
    return {quirk.name: quirk for quirk in ALL}


def parse_names(names: Iterable[str]) -> frozenset[Quirk]:
    """Find quirks by their names; `recorded` stands for all of them."""
    known = by_name()
    chosen = [ALL if name == RECORDED else (known[name],) for name in names]
    return frozenset(quirk for quirks in chosen for quirk in quirks)


class Quirks:
    """The active quirks, and the operation where each quirk was first met."""

    def __init__(self, on: frozenset[Quirk] = frozenset()) -> None:
        self.on = on
        self.met: dict[Quirk, str] = {}
        self.unclaimed: dict[str, Dependence] = {}
        """What answers depend on, recorded by code that knows no request. See `claim`."""

    def __contains__(self, quirk: Quirk) -> bool:
        return quirk in self.on

    def page(self, page: Page, *quirks: Quirk) -> Page:
        """Apply the active ones of some quirks to a page."""
        return with_quirks(page, [quirk for quirk in quirks if quirk in self.on])

    def as_if(self, page: Page, quirk: Quirk, others: Iterable[Quirk]) -> Page:
        """Return the page as it would be if one quirk were switched."""
        flipped = [] if quirk in self.on else [quirk]
        return with_quirks(page, [*others, *flipped])

    def record(self, quirk: Quirk, operation: str, other: str, entry: Entry | None = None) -> None:
        """Record in the journal's entry that an answer depends on a quirk, and log it once.

        `other` is the answer of the other behaviour. Without an entry, the request that is being
        answered claims the record afterwards.
        """
        recorded = (
            quirk.name in self.unclaimed
            if entry is None
            else any(one.quirk == quirk.name for one in entry.quirks)
        )
        if recorded and quirk in self.met:
            return
        state, switch, profile = (
            ("on", f"-{quirk.name}", "cloud") if quirk in self.on else ("off", quirk.name, "open")
        )
        either = "" if quirk is STUCK_REQUESTS else f" or `--profile {profile}`"
        sentence = (
            f"{operation}: this answer depends on the quirk {quirk.name}, which is {state}. The "
            f"recorded server: {quirk.recorded}. The other behaviour would have answered {other}. "
            f"`--quirks {switch}`{either} switches to it."
        )
        found = Dependence(quirk.name, sentence, quirk.in_passing)
        if entry is None:
            self.unclaimed[quirk.name] = found
        elif not recorded:
            entry.quirks += (found,)
        if quirk not in self.met:
            self.met[quirk] = operation
            logger.warning(sentence)

    def claim(self, entry: Entry) -> None:
        """Move the unclaimed records to the entry of the request that has been answered."""
        own = {one.quirk for one in entry.quirks}
        entry.quirks += tuple(one for one in self.unclaimed.values() if one.quirk not in own)
        self.unclaimed.clear()


def with_quirks(page: Page, quirks: Iterable[Quirk]) -> Page:
    """Apply quirks to a page."""
    for quirk in quirks:
        if quirk is CHRONOLOGICAL_CURSORS:
            page = page._replace(cursors="chronological")
        elif quirk is INVERTED_RUN_CURSORS:
            page = page._replace(cursors="inverted")
        elif quirk is CONVERSATIONS_AFTER_ONLY:
            page = page._replace(before=None)
        elif quirk is BEFORE_TAKES_FIRST:
            page = page._replace(before_takes_first=True)
        elif quirk is OLDEST_FIRST:
            page = page._replace(oldest_first=True, cursors="chronological")
    return page
