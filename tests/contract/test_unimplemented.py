"""Every operation of the SDK is imitated; what else is not answers with a 501 that says so."""

from collections import Counter
from collections.abc import Iterator
from re import sub

import httpx
import pytest
from letta_client import DefaultHttpxClient, InternalServerError, Letta

from mockletta.api.unimplemented import OPERATIONS
from mockletta.hosting.application import create_router
from mockletta.testing.mock_letta import MockLetta
from tests.contract.conftest import sync_client
from tests.contract.generated.surface import methods_of
from tests.contract.sdk import IS_OLDER

NAMES = [operation for _, _, operation in OPERATIONS]
OF_THE_SDK = methods_of(Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))).keys()


@pytest.fixture(scope="module")
def mock() -> Iterator[MockLetta]:
    """One server for all: nothing here changes anything."""
    with MockLetta() as mock:
        yield mock


@pytest.fixture(scope="module")
def client(mock: MockLetta) -> Iterator[Letta]:
    with sync_client(mock) as client:
        yield client


def literal(path: str) -> str:
    """A path with the names of its parameters in their places."""
    return path.replace("{", "").replace("}", "")


def text_for(operation: str) -> dict[str, object]:
    return {
        "detail": f"mockletta does not imitate {operation} yet. "
        "`mockletta coverage` lists the operations it does."
    }


def test_an_operation_that_is_not_imitated_says_so_through_the_sdk(client: Letta) -> None:
    for method, path, operation in OPERATIONS:
        ask = getattr(client, method.lower())

        with pytest.raises(InternalServerError) as refused:
            ask(literal(path), cast_to=object)

        assert (refused.value.status_code, refused.value.body) == (501, text_for(operation))


def test_an_operation_that_is_not_imitated_says_so_whatever_it_is_sent(mock: MockLetta) -> None:
    with httpx.Client(base_url=mock.base_url) as http:
        for method, path, operation in OPERATIONS:
            answer = http.request(method, literal(path), content=b"{bad")
            assert (answer.status_code, answer.json()) == (501, text_for(operation))


@pytest.mark.skipif(IS_OLDER, reason="an older SDK has fewer operations")
def test_every_operation_of_the_sdk_is_answered_and_imitated() -> None:
    answered = set(create_router().endpoints)

    assert OF_THE_SDK - answered == set()
    assert set(NAMES) <= answered - OF_THE_SDK


def test_no_operation_is_named_twice_nor_both_imitated_and_refused() -> None:
    routes = create_router().routes
    named = Counter(operation for _, _, operation, _ in routes)
    placed = Counter((method, sub(r"{\w+}", "{}", path)) for method, path, _, _ in routes)

    assert [one for one, count in (named + placed).items() if count > 1] == []
