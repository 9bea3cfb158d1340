"""What a reply is made of: think, say, call a tool, edit memory, fail, stop and the rest."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mockletta.brain.failures import FAILURES
from mockletta.documents.unknown_keys import Strict, hint, unknown_key
from mockletta.script.rule_faults import RuleFault
from mockletta.script.template_texts import Template
from mockletta.script.value_types import SEVERAL, Count, Duration, Json, Name, Size, as_tuple
from mockletta.wire.replies import StopReasonType

MOST_ITEMS = 1_000
MOST_CALLS = 100


Lines: TypeAlias = Annotated[
    tuple[Template, ...],
    SEVERAL,
    BeforeValidator(as_tuple, json_schema_input_type=Template | list[Template]),
]


class Paced(Strict):
    """How fast something streams: `ttft` is the time to the first token, `jitter` the share by
    which each delay differs, `chunk` how many tokens come at once, `keepalive` the time of silence
    that brings a ping."""

    ttft: Duration | None = None
    tokens_per_second: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    jitter: Annotated[float, Field(ge=0, le=1)] | None = None
    chunk: Count | None = None
    keepalive: Annotated[Duration, Field(ge=0.001)] | None = None


class ThinkItem(Paced):
    """Reasoning."""

    think: Template


class SayItem(Paced):
    """What the user is told."""

    say: Template


class CallItem(Strict):
    """A tool call. With `returns` the tool is not run: this is what it returned. `arguments` is
    the raw text of the arguments, which may be broken JSON."""

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
            raise _misuse("arguments", "a call has `with` or `arguments`, not both")
        for name in ("status", "stdout", "stderr"):
            if name in self.model_fields_set and self.returns is None:
                raise _misuse(name, f"`{name}` goes with `returns`: what the tool returned")
        return self


class CallsItem(Strict):
    """Several tool calls in one step."""

    calls: Annotated[tuple[CallItem, ...], Field(min_length=1, max_length=MOST_CALLS)]


class EditItem(Strict):
    """An edit of a memory block, by a tool call of the agent's that really runs: `insert` a text
    (after line `at`, else at the end), `replace` one `with` another, or `set` the whole."""

    edit: Name
    insert: Template | None = None
    at: Size | None = None
    replace: Template | None = None
    with_: Template | None = Field(None, alias="with")
    set: Template | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> "EditItem":
        if sum(verb is not None for verb in (self.insert, self.replace, self.set)) != 1:
            raise _misuse("edit", "an edit has one of `insert`, `replace` and `set`")
        if (self.replace is None) != (self.with_ is None):
            raise _misuse("edit", "`replace` and `with` go together: the old text and the new")
        if self.at is not None and self.insert is None:
            raise _misuse("at", "`at` goes with `insert`: the line after which to insert")
        return self


def _failure_name(name: object) -> object:
    if isinstance(name, str) and name not in FAILURES:
        raise PydanticCustomError(
            "failure",
            "no failure is named `{name}`{hint}",
            {"name": name, "hint": hint(name, FAILURES)},
        )
    return name


FailureName: TypeAlias = Annotated[
    str,
    BeforeValidator(_failure_name),
    Field(json_schema_extra={"enum": [*FAILURES]}),
]


class FailItem(Strict):
    """A failure of the model provider: before the first token, after what was said in this step,
    or in the middle of it, `after_tokens`."""

    fail: FailureName
    after_tokens: Size | None = None


class StopItem(Strict):
    """The turn's stop reason; it ends the reply."""

    stop: StopReasonType


class SummaryItem(Strict):
    """What compaction is answered: the rule is asked for summaries, not for replies."""

    summary: Template


class TokenCounts(Strict):
    prompt_tokens: Size | None = None
    completion_tokens: Size | None = None
    reasoning_tokens: Size | None = None


class UsageItem(Strict):
    """What a step counts, instead of what its texts come to."""

    usage: TokenCounts


class EventItem(Strict):
    """The data of an event that is streamed as it is: JSON, or a text that may be none."""

    event: Json


class FaultItem(Strict):
    """What happens to the response on its way."""

    fault: RuleFault


class WaitItem(Strict):
    """Time that passes before what follows."""

    wait: Duration


KINDS = {
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
    """An item as a mapping of one kind; a text on its own is said."""
    if isinstance(value, str):
        return {"say": value}
    if not isinstance(value, dict):
        return value
    kinds = [key for key in value if key in KINDS]
    if not kinds:
        raise unknown_key(next(iter(value), ""), KINDS)
    if len(kinds) > 1:
        raise _misuse(
            kinds[1], f"`{kinds[1]}` is an item of its own, beside `{kinds[0]}`: - {kinds[1]}: ..."
        )
    return value


Item: TypeAlias = Annotated[
    _Mapping, BeforeValidator(_spelled_out, json_schema_input_type=str | _Mapping)
]


def _misuse(at: str, what: str) -> PydanticCustomError:
    return PydanticCustomError("misuse", "{what}", {"what": what, "at": at})
