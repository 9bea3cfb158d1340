"""A world: one caller at a time, and the logs of background runs that it keeps."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockletta.state.event_log import Burst, Event, EventLog
from mockletta.world.request_context import subject_of
from mockletta.world.world import KEPT_LOGS, KeptLogs, World
from tests.journal.making import an_entry


def keep(logs: KeptLogs, run_id: str, *otids: str) -> EventLog:
    log = EventLog(numbered=True)
    logs.keep(run_id, log, otids)
    return log


def test_a_log_is_found_by_its_run_by_all_its_otids_and_by_each() -> None:
    logs = KeptLogs()

    log = keep(logs, "run-1", "a", "b")

    assert logs.by_run == {"run-1": log}
    assert (logs.by_otids, logs.by_otid) == ({("a", "b"): "run-1"}, {"a": "run-1", "b": "run-1"})


def test_without_otids_a_log_is_found_by_its_run_only() -> None:
    logs = KeptLogs()

    keep(logs, "run-1")

    assert (list(logs.by_run), logs.by_otids, logs.by_otid) == (["run-1"], {}, {})


def test_the_oldest_logs_are_forgotten_with_their_otids() -> None:
    logs = KeptLogs()

    for number in range(KEPT_LOGS + 1):
        keep(logs, f"run-{number}", f"otid-{number}")

    assert (len(logs.by_run), len(logs.by_otid), len(logs.otids_of)) == (KEPT_LOGS,) * 3
    assert ("run-0" in logs.by_run, "otid-0" in logs.by_otid) == (False, False)


def test_finished_logs_are_dropped_by_their_bytes_the_oldest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mockletta.world.world.KEPT_LOG_BYTES", 20)
    monkeypatch.setattr("mockletta.world.world.REMEMBERED_DROPS", 1)
    logs = KeptLogs()
    growing = keep(logs, "run-0")
    for number in (1, 2, 3, 4):
        log = keep(logs, f"run-{number}")
        log.append(Burst("raw", b"<", (b"12", b"34"), b">"))
        log.append(Event("raw", b"56"))
        log.finish()
    growing.append(Event("raw", b"7" * 99))

    copy = logs.copy()
    keep(copy, "run-5")

    assert (list(copy.by_run), copy.bytes) == (["run-0", "run-3", "run-4", "run-5"], 16)
    assert list(copy.dropped) == ["run-2"]
    copy.forget("run-3")
    assert (copy.bytes, logs.bytes) == (8, 16)


def test_an_otid_stays_with_the_newer_of_its_runs() -> None:
    logs = KeptLogs()
    keep(logs, "run-1", "a", "b")
    keep(logs, "run-2", "b")

    logs.forget("run-1")

    assert (logs.by_otid, logs.by_otids) == ({"b": "run-2"}, {("b",): "run-2"})


def test_two_worlds_share_nothing() -> None:
    first, second = World(), World()

    assert {tool.id for tool in first.store.tools}.isdisjoint(
        tool.id for tool in second.store.tools
    )


def test_a_run_that_fails_is_reported_as_a_change() -> None:
    world, heard = World(), list[str]()
    world.on_change = lambda: heard.append("changed")

    with pytest.raises(ZeroDivisionError):
        world.run(lambda: 1 // 0)

    assert heard == ["changed"]


def test_only_one_thread_at_a_time_runs_in_a_world() -> None:
    world, running = World(), list[int]()

    def crowded() -> bool:
        running.append(1)
        time.sleep(0.01)
        running.pop()
        return bool(running)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: world.run(crowded), range(4)))

    assert found == [False] * 4


def test_a_request_of_an_unknown_conversation_is_about_the_agent_that_it_names() -> None:
    named = an_entry(params={"conversation_id": "default"}, body={"agent_id": "agent-1"})
    unnamed = an_entry(params={"conversation_id": "agent-2"})

    assert subject_of(named, World()) == ("agent-1", None)
    assert subject_of(unnamed, World()) == ("agent-2", None)
