"""/openapi.json is valid, complete, and made from the declarations."""

from typing import Any, get_type_hints

import pytest
from openapi_spec_validator import validate

from mockletta.hosting.application import create_router
from mockletta.http.rendering import Rendered, Response
from mockletta.wire.base import Wire
from tests.contract.generated.seed_world import SERVED
from tests.described import openapi
from tests.described.description import NAMES, description

pytestmark = pytest.mark.usefixtures("unmeasured")
DESCRIPTION = description()
SILENT = (object, Rendered, Response, Wire)
"""Types that do not tell what is in an answer."""
OPERATIONS: dict[str, Any] = {
    operation["operationId"]: operation
    for path in DESCRIPTION["paths"].values()
    for operation in path.values()
}


def content_of(operation: str, status: str = "200") -> dict[str, Any]:
    content: dict[str, Any] = OPERATIONS[operation]["responses"][status]["content"]
    return content


def test_it_is_valid() -> None:
    validate(DESCRIPTION)


def test_every_operation_is_described_and_nothing_else() -> None:
    assert sorted(OPERATIONS) == NAMES


def test_a_path_says_what_its_ids_look_like_and_a_query_what_it_takes() -> None:
    path, *query = OPERATIONS["agents.blocks.list"]["parameters"]

    assert path == {
        "name": "agent_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": path["schema"]["pattern"]},
    }
    assert path["schema"]["pattern"].startswith("^agent-")
    assert {one["name"] for one in query} == {"before", "after", "limit", "order", "order_by"}


def test_a_body_and_an_answer_refer_to_what_they_are() -> None:
    operation = OPERATIONS["blocks.create"]

    assert operation["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CreateBlock"}}},
    }
    assert content_of("blocks.create")["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Block"
    }


def test_all_that_is_sent_is_required_of_an_answer() -> None:
    block = DESCRIPTION["components"]["schemas"]["Block"]

    assert block["required"] == list(block["properties"])
    assert block["additionalProperties"] is False


def test_a_file_is_taken_in_a_form() -> None:
    form = OPERATIONS["agents.import_file"]["requestBody"]["content"]["multipart/form-data"]
    schema = DESCRIPTION["components"]["schemas"][form["schema"]["$ref"].rpartition("/")[2]]

    assert schema["properties"]["file"]["format"] == "binary"


def test_a_stream_says_what_its_events_are() -> None:
    content = content_of("conversations.messages.create")

    assert content.keys() == {"application/json", "text/event-stream"}
    assert len(content["text/event-stream"]["x-event"]["anyOf"]) > 3


def test_errors_are_of_the_shapes_that_there_are() -> None:
    busy = content_of("conversations.messages.create", "409")["application/json"]["schema"]
    failed = content_of("conversations.messages.create", "429")["application/json"]["schema"]

    assert busy == {"$ref": "#/components/schemas/ConflictError"}
    assert failed == {"$ref": "#/components/schemas/ModelError"}
    assert OPERATIONS["agents.messages.update"]["responses"].keys() >= {"405"}
    assert "200" not in OPERATIONS["agents.messages.update"]["responses"]


def test_every_handler_says_what_it_answers() -> None:
    silent = []
    for _, _, name, handler in create_router().routes:
        returned = get_type_hints(handler, include_extras=True).get("return")
        if name in SERVED and returned in SILENT and not name.startswith("pages."):
            silent.append(name)

    assert silent == [], "annotate what they answer: see http/response_declarations.py"


def test_nothing_comes_with_a_204() -> None:
    assert OPERATIONS["archives.delete"]["responses"]["204"].keys() == {"description"}


def test_what_is_not_imitated_says_so() -> None:
    for name in OPERATIONS.keys() - SERVED:
        assert OPERATIONS[name]["responses"].keys() == {"400", "401", "501"}


def test_the_file_is_as_generated() -> None:
    assert openapi.kept() == openapi.generated(), "run: python -m tests.tables"
