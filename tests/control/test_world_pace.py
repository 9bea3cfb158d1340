"""The pace of a world over HTTP."""

from tests.control.asking import Control


def test_the_pace_is_shown_and_changed() -> None:
    control = Control()
    assert control.get("/pace") == {"ttft": None, "tokens_per_second": None}
    order = {"ttft": "500ms", "tokens_per_second": 20}
    assert control.ask("PUT", "/pace", order) == (200, {"ttft": 0.5, "tokens_per_second": 20.0})
    assert control.ask("PUT", "/pace", {}) == (200, {"ttft": None, "tokens_per_second": None})


def test_a_pace_that_cannot_be_changes_nothing() -> None:
    control = Control()
    assert control.ask("PUT", "/pace", {"ttft": "soon"})[0] == 422
    assert control.ask("PUT", "/pace", {"tokens_per_second": 0})[0] == 422
    assert control.get("/pace")["ttft"] is None
