"""The docs name every fault, reply item, rule condition and option."""

import re
from collections.abc import Iterator

import click
import pytest
from pydantic import BaseModel

from mockletta.cli import main
from mockletta.faults.fault import PLANNING
from mockletta.faults.parsing import kind, kind_names
from mockletta.script.reply_items import KINDS
from mockletta.script.script_models import Rule, RuleConditions, ScriptFile

from .readme import ROOT


def page(name: str) -> str:
    """The code on a page: a word in a sentence documents nothing."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]*`", text, re.DOTALL))


def options() -> Iterator[tuple[str, str]]:
    """Each option of each command, and its environment variable if it has one."""
    with click.Context(main) as context:
        commands = [main.get_command(context, name) for name in main.list_commands(context)]
    for command in commands:
        group = command.commands.values() if isinstance(command, click.Group) else [command]
        for parameter in (one for each in group if each for one in each.params):
            if isinstance(parameter, click.Option):
                yield parameter.opts[0], str(parameter.envvar or "")


def missing(names: list[str], text: str) -> list[str]:
    return [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]


def test_every_option_and_variable_is_documented() -> None:
    found = list(options())
    pages = "\n".join(page(file.name) for file in (ROOT / "docs").glob("*.md"))
    assert missing([flag for flag, _ in found], pages) == []
    assert missing([name for _, name in found if name], pages) == []


@pytest.mark.parametrize("name", kind_names())
def test_every_kind_of_fault_has_a_row_with_all_its_keys(name: str) -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(f"| `{name}: ")]
    assert missing(sorted(kind(name).model_fields.keys() - PLANNING), "\n".join(rows)) == []


def test_every_key_of_a_planned_fault_is_documented() -> None:
    assert missing(sorted(PLANNING), page("faults.md")) == []


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_key_of_a_reply_item_is_documented(name: str) -> None:
    keys = [field.alias or key for key, field in KINDS[name].model_fields.items()]
    assert missing([name, *keys], page("scripts.md")) == []


@pytest.mark.parametrize("model", [ScriptFile, Rule, RuleConditions])
def test_every_key_of_a_rule_is_documented(model: type[BaseModel]) -> None:
    fields = model.model_fields
    assert missing([field.alias or key for key, field in fields.items()], page("scripts.md")) == []
