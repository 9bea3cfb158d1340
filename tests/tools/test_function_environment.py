"""The environment of a function while it stands for a tool."""

import os

import pytest

from mockletta.tools.function_environment import environment


def test_variables_are_there_for_a_block_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_KEY", "before")

    with environment({"MOCK_KEY": "within", "MOCK_NEW": ""}):
        assert (os.environ["MOCK_KEY"], os.environ["MOCK_NEW"]) == ("within", "")

    assert os.environ["MOCK_KEY"] == "before"
    assert "MOCK_NEW" not in os.environ


def test_what_no_process_can_have_is_left_out() -> None:
    before = dict(os.environ)

    with environment({"": "a", "a=b": "c", "nul": "\0"}):
        assert dict(os.environ) == before
