"""The published JSON Schema: it is up to date, and takes what the models take."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from mockletta.script.json_schema import script_schema
from tests.script.schema_file import PUBLISHED

SCHEMA: Any = json.loads(script_schema())


def accepts(text: str) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(text)))


def test_the_published_schema_is_up_to_date() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == script_schema()


@pytest.mark.parametrize(
    "rule",
    [
        "{when: hello, reply: hi}",
        "{when: [hello, {exact: x}], reply: [hi]}",
        "{when: {text: {contains: x}, agent: a, returned: t, turn: 1}, reply: {say: hi}}",
        "{when: {agent: {tag: x}, returned: {tool: [t], value: /x/}}, reply: [{say: hi}]}",
        "{sequence: [hi, [hi, {stop: end_turn}], {say: hi, ttft: 800ms}], per: agent, then: cycle}",
        "{reply: [{call: t, with: {a: [1]}, returns: {b: null}, stdout: x}, {wait: 2}]}",
        "{reply: [{calls: [{call: t}]}, {edit: human, replace: a, with: b}, {fail: rate_limit}]}",
        "{reply: {summary: s}, ttft: 1, chunk: 2}",
    ],
)
def test_it_takes_every_form(rule: str) -> None:
    assert accepts(f"{{version: 1, replies: [{rule}], otherwise: strict, faults: [{{}}]}}")


@pytest.mark.parametrize(
    "rule",
    [
        "{whn: hello, reply: hi}",
        "{when: {txt: x}, reply: hi}",
        "{when: {text: 5}, reply: hi}",
        "{when: {turn: first}, reply: hi}",
        "{reply: [{sai: hi}]}",
        "{reply: [{fail: rate_limt}]}",
        "{reply: [{call: t, stdout: 5, returns: x}]}",
        "{reply: [{stop: now}]}",
    ],
)
def test_it_refuses_what_is_none(rule: str) -> None:
    assert not accepts(f"{{replies: [{rule}]}}")
