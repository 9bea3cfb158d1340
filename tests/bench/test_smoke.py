"""The parts of the benchmark together, against the bare app; no test looks at a time."""

from itertools import islice, repeat

import pytest

from bench import first_requests, servers
from bench.answers import Answer, Request
from bench.client import Client
from bench.comparison import Comparison, compare
from bench.huge_world import huge_world
from bench.load import Sample, UnexpectedAnswerError, run_load
from bench.operations import Operation
from bench.paced_streams import compare_paced
from bench.report import inserted, operation_table, whole
from bench.scale import PacedLoad, Scale

PING = Request("GET", "/v1/ping")
SMALL = Scale(
    seconds=0.05,
    rounds=2,
    connections=2,
    messages=10,
    reads=10,
    paced=(PacedLoad(2, 1_000.0),),
    proxied=PacedLoad(2, 60.0),
    startups=1,
    huge_messages=100,
    huge_agents=10,
)


def pong(status: int = 200) -> Answer:
    headers = [("content-type", "text/plain"), ("content-length", "4")]
    return Answer("GET", "/v1/ping", status, headers, b"pong")


def test_the_bare_app_gives_back_the_captured_answer() -> None:
    with servers.bare(pong()) as server, Client(server.address) as client:
        assert client.capture(PING) == pong()
        assert server.resident_megabytes > 1


def test_a_load_is_answered_to_the_last_request_of_its_plans() -> None:
    with servers.bare(pong()) as server:
        sample = run_load(server.address, [repeat(PING.encode(), 20), repeat(PING.encode(), 30)])
    assert (len(sample.latencies), sample.finished_streams) == (50, 0)


def test_a_load_ends_at_its_deadline() -> None:
    with servers.bare(pong()) as server:
        sample = run_load(server.address, [repeat(PING.encode())], seconds=0.05)
    assert sample.elapsed >= 0.05
    assert sample.rate > 0


def test_the_first_request_of_each_kind_is_measured() -> None:
    *requests, memory = first_requests.facts(SMALL)
    kinds = [fact.name.partition(": ")[2] for fact in requests]
    assert kinds == ["create an agent", "create a conversation", "send", "a fact", "/openapi.json"]
    assert memory.measured.endswith(" MB")


def test_connections_can_share_a_plan() -> None:
    with servers.bare(pong()) as server:
        shared = islice(repeat(PING.encode()), 50)
        assert len(run_load(server.address, [shared] * 4).latencies) == 50


def test_an_error_under_load_is_told() -> None:
    with (
        servers.bare(pong(status=503)) as server,
        pytest.raises(UnexpectedAnswerError, match="503 Service Unavailable"),
    ):
        run_load(server.address, [repeat(PING.encode())], seconds=0.05)


def test_an_operation_is_compared_in_every_round() -> None:
    with servers.bare(pong()) as server:
        ping = Operation("ping", server, PING, lambda n, _: [repeat(PING.encode())] * n)
        comparison = compare(ping, SMALL)
        assert server.cpu_seconds > 0
    assert (len(comparison.ours), len(comparison.bare)) == (2, 2)
    assert comparison.ratio > 0


def test_paced_streams_are_measured_to_their_ends() -> None:
    one = compare_paced(SMALL.paced[0])
    assert (one.ours.finished, len(one.ours.lateness)) == (2, 200)
    assert (one.bare.finished, len(one.bare.lateness)) == (2, 200)
    assert "2 streams at 1000 tokens/s" in whole([], [one], [])


def test_the_table_says_what_is_not_reached() -> None:
    ours, bare = Sample(elapsed=1.0), Sample(elapsed=1.0)
    ours.latencies.extend([0.001] * 10)
    bare.latencies.extend([0.001] * 100)
    ours.server_cpu = bare.server_cpu = 0.01
    table = operation_table([Comparison("ping", 0.5, [ours], [bare])])
    row = "| ping | 1000 | 100 | 0.10 | 0.5 | **no** | 10 | 1.00 | 1.00 |"
    assert table.splitlines()[-1] == row


def test_a_report_takes_the_place_of_the_last_one() -> None:
    page = "# Title\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nmore"
    assert inserted(page, "new") == page.replace("old", "new")
    with pytest.raises(ValueError, match="no <!-- benchmark -->"):
        inserted("# Title", "new")


def test_a_huge_world_is_measured() -> None:
    facts = list(huge_world(SMALL))

    assert [fact.name for fact in facts][-1] == "100 messages and 10 agents"
    assert all("ms" in fact.measured for fact in facts)
