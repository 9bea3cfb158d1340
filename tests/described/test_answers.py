"""Every operation, asked whatever /openapi.json allows: no failure, nothing that it does not say.

The requests are schemathesis's. Half of them go where there is something: to the rows of a world
that has one of everything; the others go anywhere.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import Response
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mockletta.testing.mock_letta import MockLetta
from mockletta.world.world import Snapshot
from tests.contract.conftest import sync_client
from tests.contract.generated.seed_world import SERVED, UUID, SeedWorld
from tests.described.description import NAMES, description
from tests.environment import amount

pytestmark = pytest.mark.usefixtures("unmeasured")
EXAMPLES, OF_REFUSED = amount(2, nightly=12), 1
Case = Any
"""A request of schemathesis's, whose type has four parameters of its own."""
CHECKS: list[CheckFunction] = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
A_BIT_OF_EACH = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Seeded:
    """A server whose world has one of everything, and can be put back to that."""

    mock: MockLetta
    world: SeedWorld
    start: Snapshot

    def ask(self, case: Case) -> Response:
        self.mock.restore(self.start)
        self.mock.journal.clear()
        answer: Response = case.call(base_url=self.mock.base_url, timeout=10)
        return answer

    def place(self, case: Case) -> None:
        """Send a case where there is something."""
        operation = case.operation.definition.raw["operationId"]
        for name in case.path_parameters:
            case.path_parameters[name] = self.world((operation, name)) or name


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with MockLetta(ids_seed=0) as mock, sync_client(mock) as client:
        world = SeedWorld(mock, client, tmp_path_factory.mktemp("files"))
        yield Seeded(mock, world, mock.snapshot())


@cache
def operations() -> dict[str, Any]:
    """The operations of the description, by name: reading them takes a second."""
    schema = schemathesis.openapi.from_dict(description())
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return {one.definition.raw["operationId"]: one for one in found}


@pytest.mark.parametrize("operation", NAMES)
def test_every_answer_is_as_it_is_described(seeded: Seeded, operation: str) -> None:
    @settings(A_BIT_OF_EACH, max_examples=EXAMPLES if operation in SERVED else OF_REFUSED)
    @given(case=operations()[operation].as_strategy())
    def ask(case: Case) -> None:
        assert_described(case, seeded.ask(case))
        seeded.place(case)
        assert_described(case, seeded.ask(case))

    ask()


def assert_described(case: Case, answer: Response) -> None:
    """An answer is none of ours failing, and what its operation says it may be."""
    assert answer.status_code != 500, answer.text
    case.validate_response(answer, checks=CHECKS)
    if "text/event-stream" in str(answer.headers.get("content-type")):
        responses = case.operation.definition.raw["responses"]
        said = responses["200"]["content"]["text/event-stream"]["x-event"]
        assert [wrong for event in _events(answer.text) for wrong in _errors(said, event)] == []


def _events(text: str) -> list[Any]:
    lines = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def _errors(schema: dict[str, Any], value: object) -> list[str]:
    whole = {**schema, "components": description()["components"]}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_an_answer_that_is_not_as_it_is_described_is_found(seeded: Seeded) -> None:
    wrong = deepcopy(description())
    wrong["components"]["schemas"]["Health"]["properties"]["version"] = {"type": "integer"}
    health = schemathesis.openapi.from_dict(wrong)["/v1/health/"]["GET"]

    case = health.Case()
    with pytest.raises(FailureGroup, match="violates schema"):
        assert_described(case, seeded.ask(case))


def test_a_status_that_is_not_described_is_found(seeded: Seeded) -> None:
    wrong = deepcopy(description())
    del wrong["paths"]["/v1/blocks/{block_id}"]["get"]["responses"]["404"]
    retrieve = schemathesis.openapi.from_dict(wrong)["/v1/blocks/{block_id}"]["GET"]

    case = retrieve.Case(path_parameters={"block_id": f"block-{UUID}"})
    with pytest.raises(FailureGroup, match="Undocumented status code"):
        assert_described(case, seeded.ask(case))


def test_an_event_that_is_not_described_is_found() -> None:
    said = {"$ref": "#/components/schemas/StopReason"}

    assert _errors(said, {"message_type": "stop_reason", "stop_reason": "end_turn"}) == []
    assert _errors(said, {"message_type": "stop_reason", "stop_reason": "bored"}) != []
