"""The shape of a script: rules with their conditions and replies."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mockletta.catalogue.model_catalogue import is_base_provider
from mockletta.documents.hints import hint
from mockletta.documents.unknown_keys import Strict
from mockletta.script.decision_draft import TextPace
from mockletta.script.reply_items import MOST_ITEMS, Item
from mockletta.script.reply_steps import Misplaced, steps_of
from mockletta.script.template_texts import FACTS, names_in
from mockletta.script.text_patterns import Names, Pattern, Patterns, groups_of
from mockletta.script.value_types import SEVERAL, Count, Counts, Name, PlannedFault, as_tuple
from mockletta.wire.fields import SECRET
from mockletta.wire.models import is_handle
from mockletta.wire.provider_types import ProviderType

MOST_RULES = 10_000
MOST_REPLIES = 1_000
MOST_DECLARED = 1_000


Role: TypeAlias = Literal["user", "system", "assistant"]
Roles: TypeAlias = Annotated[
    tuple[Role, ...], SEVERAL, BeforeValidator(as_tuple, json_schema_input_type=Role | list[Role])
]


class Tagged(Strict):
    """Agents by their tags."""

    tag: Names


Agents: TypeAlias = Annotated[
    Annotated[Tagged, Tag("<tag>")] | Annotated[Names, Tag("<names>")],
    Discriminator(lambda value: "<tag>" if isinstance(value, dict | Tagged) else "<names>"),
]


class ReturnCondition(Strict):
    """The tool that has just returned, and what it returned."""

    tool: Names | None = None
    value: Patterns | None = None
    status: Literal["success", "error"] | None = None


def _as_text(value: object) -> object:
    return {"text": value} if isinstance(value, str | list) else value


def _as_tool(value: object) -> object:
    return {"tool": value} if isinstance(value, str | list) else value


class RuleConditions(Strict):
    """The conditions of a rule. All conditions must hold; for a list, any item.

    `text` matches the user's own words in the last user message. Additions of the client, such as a
    `<system-reminder>`, are in `raw_text` only, unless a pattern names a tag. `agent` and
    `conversation` are ids; an agent can also be a name or `{tag: ...}`, and an agent's direct
    messages are the conversation `default`. `turn` counts the turns of a conversation, `step` those
    of a turn. `tool` is a tool of the agent, `returned` the tool that has just returned. `block`
    has the values of blocks by label. `times` is the most uses of the rule.
    """

    text: Patterns | None = None
    raw_text: Patterns | None = None
    agent: Agents | None = None
    tag: Names | None = None
    conversation: Names | None = None
    model: Names | None = None
    turn: Counts | None = None
    step: Counts | None = None
    tool: Names | None = None
    returned: Annotated[
        ReturnCondition | None,
        BeforeValidator(_as_tool, json_schema_input_type=str | list[str] | ReturnCondition),
    ] = None
    block: dict[Name, Patterns] | None = None
    role: Roles | None = None
    image: bool | None = None
    purpose: Literal["reply", "summary"] | None = None
    times: Count | None = None


def _as_items(value: object) -> object:
    return as_tuple(value) if isinstance(value, str | dict | list) else value


def _in_order(items: tuple[Item, ...]) -> tuple[Item, ...]:
    try:
        steps_of(items)
    except Misplaced as error:
        raise PydanticCustomError(
            "misplaced", "{reason}", {"reason": str(error), "at": error.place}
        ) from error
    return items


Reply: TypeAlias = Annotated[
    tuple[Item, ...],
    Field(min_length=1, max_length=MOST_ITEMS),
    AfterValidator(_in_order),
    BeforeValidator(_as_items, json_schema_input_type=Item | list[Item]),
]


class Rule(TextPace):
    """A rule: conditions and a reply. A `sequence` has several replies, used in order `per`
    conversation by default; `then` repeats the last one, starts again, or lets the next rule reply.

    `per` also sets what `times` counts for; by default it counts all uses together.
    """

    name: Name | None = None
    when: Annotated[
        RuleConditions,
        BeforeValidator(_as_text, json_schema_input_type=Pattern | list[Pattern] | RuleConditions),
    ] = RuleConditions()
    reply: Reply | None = None
    sequence: Annotated[tuple[Reply, ...], Field(min_length=1, max_length=MOST_REPLIES)] | None = (
        None
    )
    per: Literal["conversation", "agent", "world"] | None = None
    then: Literal["repeat", "cycle", "next"] = "repeat"

    @property
    def replies(self) -> tuple[tuple[Item, ...], ...]:
        """The replies in order."""
        return self.sequence or ((self.reply,) if self.reply else ())

    @property
    def purpose(self) -> Literal["reply", "summary"]:
        """What the rule answers: messages, or compaction's requests for a summary."""
        return "summary" if self.when.purpose == "summary" or self._sums_up() else "reply"

    def _sums_up(self) -> bool:
        return any(item.purpose == "summary" for reply in self.replies for item in reply)

    @model_validator(mode="after")
    def _has_replies(self) -> "Rule":
        if (self.reply is None) == (self.sequence is None):
            raise _misuse("a rule has either a `reply` or a `sequence` of replies", "when")
        if "then" in self.model_fields_set and self.sequence is None:
            raise _misuse("`then` requires `sequence`: it is what follows the last reply", "then")
        if self.per and self.sequence is None and self.when.times is None:
            raise _misuse("`per` requires `sequence` or `times`: it is what they count for", "per")
        return self

    @model_validator(mode="after")
    def _answers_one_purpose(self) -> "Rule":
        if self.when.purpose == "reply" and self._sums_up():
            raise _misuse("a rule with a `summary` has the purpose `summary`", "when")
        return self

    @model_validator(mode="after")
    def _knows_its_names(self) -> "Rule":
        groups = groups_in(self.when)
        if taken := groups & FACTS.keys():
            raise _misuse(
                f"templates already use the name `{min(taken)}`: rename the group",
                "when",
            )
        for path, template in self._templates():
            for name in sorted(names_in(template) - FACTS.keys() - groups):
                known = hint(name, FACTS.keys() | groups)
                raise _misuse(f"the template {template!r} reads an unknown `{name}`{known}", *path)
        return self

    def _templates(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Return each template with the path to its item."""
        for number, reply in enumerate(self.replies):
            for place, item in enumerate(reply):
                path = ("reply", place) if self.reply else ("sequence", number, place)
                yield from ((path, template) for template in item.templates())


def _handle(text: str) -> str:
    if not is_handle(text):
        raise PydanticCustomError(
            "handle", "expected a handle such as `openai/gpt-4o`, got {text}", {"text": repr(text)}
        )
    return text


def _new_name(name: str) -> str:
    if is_base_provider(name):
        reason = "the server itself has a provider of this name: expected another name"
        raise PydanticCustomError("provider", "{reason}", {"reason": reason})
    return name


class DeclaredProvider(Strict):
    """A user's own provider. It is never contacted; its models are those of its type."""

    name: Annotated[Name, AfterValidator(_new_name)]
    provider_type: ProviderType
    api_key: Annotated[str, SECRET] = "declared"
    base_url: str | None = None


class ScriptFile(Strict):
    """A script: rules, of which the first matching one replies. `otherwise` says what replies if
    none matches: the default brain, an echo, or an error with an explanation. `faults` are planned
    too. `models` are handles that are known beside the catalogue, `providers` the user's own."""

    version: Literal[1] = 1
    replies: Annotated[tuple[Rule, ...], Field(max_length=MOST_RULES)] = ()
    otherwise: Literal["default", "echo", "strict"] = "default"
    faults: tuple[PlannedFault, ...] = ()
    models: Annotated[
        tuple[Annotated[str, AfterValidator(_handle)], ...], Field(max_length=MOST_DECLARED)
    ] = ()
    providers: Annotated[tuple[DeclaredProvider, ...], Field(max_length=MOST_DECLARED)] = ()

    def plain(self) -> dict[str, Any]:
        """Return the script as JSON that loads as an equal script."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def groups_in(when: RuleConditions) -> frozenset[str]:
    """Return the names of all groups in a rule's patterns."""
    returned = when.returned.value if when.returned else None
    blocks = [pattern for patterns in (when.block or {}).values() for pattern in patterns]
    every = [*(when.text or ()), *(when.raw_text or ()), *(returned or ()), *blocks]
    return frozenset().union(*map(groups_of, every))


def _misuse(reason: str, *path: str | int) -> PydanticCustomError:
    return PydanticCustomError("misuse", "{reason}", {"reason": reason, "at": list(path)})


def script_schema() -> str:
    """Return the JSON Schema of a script file, in every accepted form."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ScriptFile.model_json_schema(by_alias=True),
        "title": "A script of mockletta",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
