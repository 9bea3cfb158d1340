"""Metrics: what a server has answered, in the format of Prometheus."""

import sys
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families as read

from mockletta.journal.journal import Journal
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.control.test_worlds import AGENT, control_with_worlds_of

MESSAGE = {"messages": [{"role": "user", "content": "Hi"}]}


def metrics(control: Control) -> dict[tuple[str, ...], float]:
    """The samples by their name and labels."""

    def samples() -> Iterator[tuple[tuple[str, ...], float]]:
        for family in read(control.text("GET", "/metrics")[1]):
            for sample in family.samples:
                yield (sample.name, *sample.labels.values()), sample.value

    return dict(samples())


def test_requests_are_counted_by_operation_and_status() -> None:
    control = control_with_worlds_of("one", "two")
    control.ask("GET", "/v1/nowhere", key="one")

    shown = metrics(control)
    assert shown["mockletta_requests_total", "agents.create", "200"] == 2
    assert shown["mockletta_requests_total", "", "404"] == 1
    assert shown["mockletta_worlds",] == 3


def test_events_of_streams_are_counted_when_they_end() -> None:
    control = control_with_worlds_of()
    agent = control.ask("POST", "/v1/agents/", AGENT)[1]["id"]
    _, body = control.text("POST", f"/v1/agents/{agent}/messages/stream", MESSAGE)

    shown = metrics(control)
    assert shown["mockletta_stream_events_total",] == body.count("data: ") > 0
    assert shown["mockletta_requests_in_progress",] == shown["mockletta_runs_in_progress",] == 0


def test_paced_events_are_counted_by_their_lateness() -> None:
    world = World()
    world.clock.lateness.add(0.02, 3)
    world.clock.lateness.add(9.0, 1)

    shown = metrics(Control(Worlds(world)))
    name = "mockletta_stream_lateness_seconds"
    assert [shown[f"{name}_bucket", le] for le in ("0.01", "0.025", "2.5", "+Inf")] == [0, 3, 3, 4]
    assert shown[f"{name}_sum",] == pytest.approx(9.06)


def test_dropped_entries_are_counted() -> None:
    world = World()
    world.journal = Journal(most_entries=1)
    control = Control(Worlds(world))
    for _ in range(3):
        control.ask("GET", "/v1/agents/")

    assert metrics(control)["mockletta_journal_dropped_total",] == 2


def test_metrics_need_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    status, answer = Control(Worlds(World())).ask("GET", "/metrics")

    assert status == 501
    assert "mockletta[metrics]" in answer["detail"]
