"""Every operation of the SDK is answered; those that are not imitated with a 501 that says so."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from operator import attrgetter
from re import sub

import httpx
import pytest
from letta_client import DefaultHttpxClient, InternalServerError, Letta

from mockletta.api.unimplemented import OPERATIONS
from mockletta.app import create_router
from mockletta.server import MockLetta
from tests.contract.conftest import sync_client
from tests.contract.generated.surface import methods_of
from tests.contract.sdk import IS_OLDER, needs

NAMES = [operation for _, _, operation in OPERATIONS]
OF_THE_SDK = methods_of(Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))).keys()
UUID = "00000000-0000-4000-8000-000000000000"

# What the SDK insists on for these operations; every other parameter is an id or a name.
ARGUMENTS: dict[str, object] = {
    "body_requires_approval": True,
    "agent_file_json": {},
    "file": b"content",
    "messages": [{"role": "user", "content": "Hello!"}],
    "passages": [{"text": "text"}],
    "policy": {"version": "1", "data": []},
    "schedule": {"type": "one-time", "scheduled_at": 0},
    "type": "project",
}
ALSO: dict[str, dict[str, object]] = {"templates.create": {"agent_id": f"agent-{UUID}"}}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockLetta]:
    """One server for all: nothing here changes anything."""
    with MockLetta() as mock:
        yield mock


@pytest.fixture(scope="module")
def client(mock: MockLetta) -> Iterator[Letta]:
    with sync_client(mock) as client:
        yield client


def arguments_of(method: Callable[..., object]) -> dict[str, object]:
    """The arguments a method must be given."""
    return {
        name: ARGUMENTS.get(name, f"{name}-{UUID}")
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }


def text_for(operation: str) -> dict[str, object]:
    return {
        "detail": f"mockletta does not imitate {operation} yet. "
        "`mockletta coverage` lists the operations it does."
    }


@needs("environments.list")
@pytest.mark.parametrize("operation", [name for name in NAMES if name in OF_THE_SDK])
def test_an_operation_that_is_not_imitated_says_so_through_the_sdk(
    client: Letta, operation: str
) -> None:
    method = attrgetter(operation)(client)

    with pytest.raises(InternalServerError) as refused:
        method(**arguments_of(method), **ALSO.get(operation, {}))

    assert (refused.value.status_code, refused.value.body) == (501, text_for(operation))


def test_an_operation_that_is_not_imitated_says_so_whatever_it_is_sent(mock: MockLetta) -> None:
    with httpx.Client(base_url=mock.base_url) as http:
        for method, path, operation in OPERATIONS:
            answer = http.request(method, path.replace("{", "").replace("}", ""), content=b"{bad")
            assert (answer.status_code, answer.json()) == (501, text_for(operation))


@pytest.mark.skipif(IS_OLDER, reason="an older SDK has fewer operations")
def test_every_operation_of_the_sdk_is_answered() -> None:
    answered = set(create_router().endpoints)

    assert OF_THE_SDK - answered == set()
    assert set(NAMES) <= answered


def test_no_operation_is_named_twice_nor_both_imitated_and_refused() -> None:
    routes = create_router().routes
    named = Counter(operation for _, _, operation, _ in routes)
    placed = Counter((method, sub(r"{\w+}", "{}", path)) for method, path, _, _ in routes)

    assert [one for one, count in (named + placed).items() if count > 1] == []
