"""The coverage table is whole and true."""

import pytest
from letta_client import DefaultHttpxClient, Letta

from mockletta.hosting.application import create_router
from tests.contract.generated.surface import methods_of
from tests.coverage.proofs import ROOT, Proofs, blanked
from tests.coverage.sdk_requests import Request, sdk_requests
from tests.coverage.table import FILE, NAMESPACES, Row, coverage, kept

API = [
    tuple(line.split())
    for line in (ROOT / "tests" / "coverage" / "api_operations.txt").read_text().splitlines()
]
"""Every operation of the API, as of March 2026."""


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {row["operation"]: row for row in kept()}


def requested(row: Row) -> Request:
    return row["method"], blanked(row["path"])


def test_it_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == coverage(), "run python -m tests.tables"


def test_every_method_of_the_installed_sdk_is_in_it(rows: dict[str, Row]) -> None:
    client = Letta(api_key="none", http_client=DefaultHttpxClient(verify=False))

    assert methods_of(client).keys() - rows.keys() == set()


def test_the_sdk_sends_the_requests_that_it_says(rows: dict[str, Row]) -> None:
    sent = {name: (method, blanked(path)) for name, (method, path) in sdk_requests().items()}

    assert {name: requested(rows[name]) for name in sent} == sent


def test_every_operation_of_the_api_is_in_it(rows: dict[str, Row]) -> None:
    known = {requested(row) for row in rows.values()}

    assert [one for one in API if (one[0], blanked(one[1])) not in known] == []


def test_no_operation_is_missing_from_it(rows: dict[str, Row]) -> None:
    operations = {name for name in create_router().endpoints if not name.startswith("pages.")}

    assert rows.keys() == operations


def test_every_namespace_that_only_keeps_data_is_in_it(rows: dict[str, Row]) -> None:
    namespaces = {name.rpartition(".")[0] for name in rows}

    assert set(NAMESPACES) <= namespaces


def test_a_test_that_sends_a_request_is_found_by_its_path() -> None:
    proofs = Proofs({"agents.count": ("GET", "/v1/agents/count"), "x.y": ("GET", "/v1/x/y")})

    assert proofs.of("agents.count")[0].startswith("tests/contract/test_")
    assert proofs.of("x.y") == []
