"""The items of a reply: think, say, call a tool, edit memory, fail, stop and others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mockletta.brain.failures import FAILURES
from mockletta.documents.hints import hint
from mockletta.documents.unknown_keys import Strict, unknown_key
from mockletta.script.template_texts import Filled, Form, Template
from mockletta.script.value_types import (
    SEVERAL,
    Count,
    Duration,
    Json,
    Name,
    RuleFault,
    Size,
    as_tuple,
)
from mockletta.wire.messages import StopReasonType

MOST_ITEMS = 1_000
MOST_CALLS = 100


Lines: TypeAlias = Annotated[
    tuple[Template, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Template | list[Template]),
]


class PacedItem(Strict):
    """The pace of a text: `ttft` is the time to the first token, `jitter` the share by which each
    delay varies, `chunk` the number of tokens sent at once, `keepalive` the silence before a
    ping.
    """

    ttft: Duration | None = None
    tokens_per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    chunk: Count | None = None
    keepalive: Annotated[Duration, Field(ge=0.000_1)] | None = None


class ThinkItem(PacedItem):
    """Reasoning."""

    think: Template


class SayItem(PacedItem):
    """A message to the user."""

    say: Template


class CallItem(Strict):
    """A tool call. With `returns` the tool is not run and returns that value. `arguments` is the
    raw text of the arguments, which may be invalid JSON.
    """

    call: Template
    with_: dict[str, Json] | None = Field(None, alias="with")
    arguments: Template | None = None
    returns: Json = None
    status: Literal["success", "error"] = "success"
    stdout: Lines | None = None
    stderr: Lines | None = None
    approve: bool = False
    id: Name | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> "CallItem":
        if self.with_ is not None and self.arguments is not None:
            raise _misuse("arguments", "a call has either `with` or `arguments`")
        for name in ("status", "stdout", "stderr"):
            if name in self.model_fields_set and self.returns is None:
                raise _misuse(name, f"`{name}` requires `returns`: what the tool returned")
        return self


class CallsItem(Strict):
    """Several tool calls in one step."""

    calls: Annotated[tuple[CallItem, ...], Field(min_length=1, max_length=MOST_CALLS)]


class EditItem(Strict):
    """An edit of a memory block, made by a real call of the agent's memory tool: `insert` a text
    (after line `at`, by default at the end), `replace` one text `with` another, or `set` the
    whole value.
    """

    edit: Name
    insert: Template | None = None
    at: Size | None = None
    replace: Template | None = None
    with_: Template | None = Field(None, alias="with")
    set: Template | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> "EditItem":
        if sum(verb is not None for verb in (self.insert, self.replace, self.set)) != 1:
            raise _misuse("edit", "an edit has exactly one of `insert`, `replace` and `set`")
        if (self.replace is None) != (self.with_ is None):
            raise _misuse(
                "edit", "`replace` and `with` require each other: the old text and the new"
            )
        if self.at is not None and self.insert is None:
            raise _misuse("at", "`at` requires `insert`: it is the line after which to insert")
        return self


def _failure_name(name: object) -> object:
    if isinstance(name, str) and name not in FAILURES:
        raise PydanticCustomError(
            "failure",
            "unknown failure `{name}`{hint}",
            {"name": name, "hint": hint(name, FAILURES)},
        )
    return name


FailureName: TypeAlias = Annotated[
    str,
    BeforeValidator(_failure_name),
    Field(json_schema_extra={"enum": [*FAILURES]}),
]


class FailItem(Strict):
    """A failure of the model provider: before the first token, after the text of this step, or in
    the middle of it, `after_tokens`. `message` is the provider's text.
    """

    fail: Annotated[Annotated[FailureName, Tag("<plain>")] | Filled, Form]
    message: Template | None = None
    after_tokens: Size | None = None


class StopItem(Strict):
    """The turn's stop reason, which ends the reply. `length` is the model's own token limit."""

    stop: Annotated[
        Annotated[StopReasonType, Tag("<plain>")] | Annotated[Literal["length"], Tag("<length>")],
        Discriminator(lambda value: "<length>" if value == "length" else "<plain>"),
    ]


class SummaryItem(Strict):
    """The answer to compaction. The rule then answers requests for summaries, not messages."""

    summary: Template


Tokens: TypeAlias = Annotated[Annotated[Size, Tag("<plain>")] | Filled, Form]


class TokenCounts(Strict):
    prompt_tokens: Tokens | None = None
    completion_tokens: Tokens | None = None
    reasoning_tokens: Tokens | None = None


class UsageItem(Strict):
    """The token counts of a step. By default they are computed from its texts."""

    usage: TokenCounts


class EventItem(Strict):
    """The data of an event that is streamed literally: JSON, or a text, which may be invalid
    JSON."""

    event: Json


class FaultItem(Strict):
    """A fault of the response."""

    fault: RuleFault


class WaitItem(Strict):
    """Time to wait before the items that follow."""

    wait: Annotated[Annotated[Duration, Tag("<plain>")] | Filled, Form]


KINDS: dict[str, type[Strict]] = {
    "think": ThinkItem,
    "say": SayItem,
    "call": CallItem,
    "calls": CallsItem,
    "edit": EditItem,
    "fail": FailItem,
    "stop": StopItem,
    "summary": SummaryItem,
    "usage": UsageItem,
    "event": EventItem,
    "fault": FaultItem,
    "wait": WaitItem,
}


def key_of(item: object) -> str | None:
    """Return the key that names an item's kind, such as `say`; None for anything else."""
    return next((key for key, kind in KINDS.items() if isinstance(item, kind)), None)


def _tag_of(value: object) -> str | None:
    """Return the tag of an item's kind, for a mapping or a validated item."""
    found = next(filter(KINDS.get, value), None) if isinstance(value, dict) else key_of(value)
    return found and f"<{found}>"


_Mapping: TypeAlias = Annotated[
    Annotated[ThinkItem, Tag("<think>")]
    | Annotated[SayItem, Tag("<say>")]
    | Annotated[CallItem, Tag("<call>")]
    | Annotated[CallsItem, Tag("<calls>")]
    | Annotated[EditItem, Tag("<edit>")]
    | Annotated[FailItem, Tag("<fail>")]
    | Annotated[StopItem, Tag("<stop>")]
    | Annotated[SummaryItem, Tag("<summary>")]
    | Annotated[UsageItem, Tag("<usage>")]
    | Annotated[EventItem, Tag("<event>")]
    | Annotated[FaultItem, Tag("<fault>")]
    | Annotated[WaitItem, Tag("<wait>")],
    Discriminator(_tag_of),
]


def _spelled_out(value: object) -> object:
    """Return an item as a mapping of one kind. A text becomes a `say`."""
    if isinstance(value, str):
        return {"say": value}
    if not isinstance(value, dict):
        return value
    kinds = [key for key in value if key in KINDS]
    if not kinds:
        raise unknown_key(next(iter(value), ""), KINDS)
    if len(kinds) > 1:
        raise _misuse(
            kinds[1],
            f"`{kinds[1]}` is a separate item, not part of `{kinds[0]}`: - {kinds[1]}: ...",
        )
    return value


Item: TypeAlias = Annotated[
    _Mapping, BeforeValidator(_spelled_out, json_schema_input_type=str | _Mapping)
]


def _misuse(at: str, what: str) -> PydanticCustomError:
    return PydanticCustomError("misuse", "{what}", {"what": what, "at": at})
