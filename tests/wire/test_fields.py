"""Shapes that are loaded with their first value."""

import pytest
from pydantic import TypeAdapter

from mockletta.http.path_patterns import ErrorDetail
from mockletta.http.redaction import secrecy_of
from mockletta.http.rendering import render
from mockletta.http.validation import validate
from mockletta.wire.base import Wire
from mockletta.wire.fields import lazy
from mockletta.wire.folders import Source
from mockletta.wire.tool_rules import TerminalToolRule, ToolRule

LAZY_RULE = lazy("wire.tool_rules", "ToolRule")
LAZY_SOURCE = lazy("wire.folders", "Source")
RULE = {"type": "exit_loop", "tool_name": "send_message"}


class Plain(Wire):
    rules: list[ToolRule]
    source: Source | None = None


class Later(Wire):
    rules: list[LAZY_RULE]  # type: ignore[valid-type]
    source: LAZY_SOURCE | None = None  # type: ignore[valid-type]


def read(shape: type[Wire], value: object) -> tuple[object, list[ErrorDetail]]:
    errors: list[ErrorDetail] = []
    return validate(shape, value, "body", errors), errors


def test_a_value_of_a_lazy_shape_is_an_instance_of_it() -> None:
    read_later = Later.model_validate({"rules": [RULE]})
    assert read_later.rules == [TerminalToolRule(tool_name="send_message")]
    assert render(read_later) == render(Plain.model_validate({"rules": [RULE]}))


@pytest.mark.parametrize(
    "value",
    [
        {"rules": 1},
        {"rules": [1]},
        {"rules": [{}]},
        {"rules": [{"type": "unheard_of"}]},
        {"rules": [{"type": "exit_loop"}]},
        {"rules": [RULE], "source": 1},
        {"rules": [RULE], "source": {"embedding_config": 1}},
    ],
)
def test_errors_are_those_of_the_shape_itself(value: object) -> None:
    later, errors = read(Later, value)
    assert later is None
    assert errors == read(Plain, value)[1]


def test_a_row_that_was_never_validated_is_rendered() -> None:
    class Rare(Wire):
        name: str

    class Holder(Wire):
        rare: lazy("wire.things", "Rare")  # type: ignore[valid-type]
        list: lazy("wire.things", "Rares")  # type: ignore[valid-type]

    row = Rare.trusted(name="x")
    assert not Rare.__pydantic_complete__
    assert (
        render(Holder.trusted(rare=row, list=[row]))
        == b'{"rare":{"name":"x"},"list":[{"name":"x"}]}'
    )


def test_a_description_shows_the_shape_itself() -> None:
    plain, later = (TypeAdapter(one).json_schema() for one in (Plain, Later))
    assert later["$defs"] == plain["$defs"]
    assert later["properties"]["rules"] == plain["properties"]["rules"]


def test_its_secrets_are_found() -> None:
    assert secrecy_of(LAZY_SOURCE) == secrecy_of(Source)
