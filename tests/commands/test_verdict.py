"""`mockletta verdict`."""

import json

import httpx

from mockletta import MockLetta
from tests.commands.running import run


def break_off_too_early(mock: MockLetta) -> None:
    mock.faults.add("agents.list", status=429, retry_after=60)
    for _ in range(2):
        httpx.get(f"{mock.base_url}/v1/agents/")


def test_a_clean_client_is_told_so(mock: MockLetta) -> None:
    result = run("verdict")

    assert (result.exit_code, result.output) == (0, "clean\n")


def test_a_client_that_did_wrong_fails_the_command(mock: MockLetta) -> None:
    break_off_too_early(mock)

    told, allowed = run("verdict"), run("verdict", "--allow", "retry-after-ignored")

    assert (told.exit_code, allowed.exit_code) == (1, 0)
    assert told.output == f"{mock.verdict()}\n"


def test_a_verdict_is_told_in_json(mock: MockLetta) -> None:
    result = run("verdict", "--json")

    assert json.loads(result.output)["clean"] is True
