"""The types of the TypeScript package are those of the server."""

import re

import pytest
from pydantic import VERSION

from mockletta.control.index import operations
from mockletta.script.reply_items import KINDS
from tests.clients.generated import FILE, generated


@pytest.mark.skipif(VERSION.startswith("2.11."), reason="pydantic 2.11 describes less")
def test_the_generated_types_are_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == generated(), "run python -m tests.tables"


def test_every_operation_of_the_control_api_has_a_method() -> None:
    sources = [file.read_text() for file in FILE.parent.glob("*.ts") if file != FILE]
    used = set(re.findall(r'"(control\.[\w.]+)"', "".join(sources)))
    named = {one.name for one in operations() if not one.name.startswith("control.console")}
    assert used == named


def test_every_item_of_a_reply_has_a_verb() -> None:
    sources = FILE.read_text() + (FILE.parent / "when.ts").read_text()
    verbs = re.findall(r"^  (\w+)\(.*: this \{$", sources, re.MULTILINE)
    assert set(verbs) == {*KINDS, "times", "andThen"}
