"""What the control API says of itself."""

import mockletta
from mockletta.control.index import operations
from tests.control.asking import Control


def test_it_lists_its_operations() -> None:
    answer = Control().get("/")

    assert answer["version"] == mockletta.__version__
    assert answer["operations"][0] == {
        "name": "control.index",
        "method": "GET",
        "path": "/_mockletta/",
        "summary": "List the operations of the control API.",
    }


def test_every_operation_is_named_once_and_told_in_a_sentence() -> None:
    listed = list(operations())

    assert len({one.name for one in listed}) == len(listed)
    assert len({(one.method, one.path) for one in listed}) == len(listed)
    assert [one.name for one in listed if not one.summary.endswith(".")] == []
