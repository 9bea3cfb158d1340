"""References in schemas."""

from typing import Any

import pytest

from mockletta.tools.schemas.references import TooLarge, inlined


def test_what_is_referred_to_stands_in_place_of_the_reference() -> None:
    schema: Any = {
        "properties": {
            "home": {"$ref": "#/$defs/Place", "description": "Where."},
            "all": {"anyOf": [{"$ref": "#/definitions/Any"}, {"$ref": "#/$defs/Unknown"}]},
        },
        "$defs": {"Place": {"type": "object", "description": "A place."}},
        "definitions": {"Any": True},
    }
    assert inlined(schema["properties"], schema) == {
        "home": {"type": "object", "description": "Where."},
        "all": {"anyOf": [True, {"$ref": "#/$defs/Unknown"}]},
    }


def test_what_is_part_of_itself_is_an_object() -> None:
    node = {"properties": {"next": {"$ref": "#/$defs/Node"}}}

    assert inlined({"$ref": "#/$defs/Node"}, {"$defs": {"Node": node}}) == {
        "properties": {"next": {"type": "object"}}
    }


def test_what_would_double_and_double_again_is_too_large() -> None:
    definitions = {
        f"D{n}": {"a": {"$ref": f"#/$defs/D{n + 1}"}, "b": {"$ref": f"#/$defs/D{n + 1}"}}
        for n in range(30)
    }
    with pytest.raises(TooLarge):
        inlined({"$ref": "#/$defs/D0"}, {"$defs": definitions})
