"""When the disk has what was answered."""

import os
import threading
import time
from pathlib import Path

import httpx
import pytest

from mockletta.files import state_log
from mockletta.files.state_file import StateFile
from mockletta.settings.settings import STATE_SYNCS
from mockletta.testing.mock_letta import MockLetta
from mockletta.world.world import World
from tests.contract.conftest import MODEL
from tests.worlds import commit, make_agent


def test_always_waits_for_the_disk_before_the_answer(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[tuple[int, bool]] = []

    def sync(_: int) -> None:
        on_disk.append(
            (Path(path).read_bytes().count(b"\n"), [*mock.world.journal][-1].status is not None)
        )

    with MockLetta() as mock, StateFile(path, sync="always") as file, httpx.Client() as http:
        file.attach(mock.world)
        lines = Path(path).read_bytes().count(b"\n")
        monkeypatch.setattr(state_log, "_sync", sync)
        for _ in range(2):
            http.post(f"{mock.base_url}/v1/agents/", json={"model": MODEL}).raise_for_status()
        http.get(f"{mock.base_url}/v1/agents/").raise_for_status()

    assert on_disk == [(lines + 1, False), (lines + 2, False)]


def test_each_second_a_thread_syncs_what_was_written(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[threading.Thread] = []
    monkeypatch.setattr(state_log, "SECONDS", 0.001)
    monkeypatch.setattr(state_log, "_sync", lambda _: synced.append(threading.current_thread()))
    world = World()
    with StateFile(path, sync="second") as file:
        file.attach(world)
        make_agent(world)
        commit(world)
        while not synced:
            time.sleep(0.001)

    assert threading.main_thread() not in synced


def test_never_leaves_it_to_the_operating_system(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(state_log, "_sync", synced.append)
    world = World()
    with StateFile(path, sync="never") as file:
        file.attach(world)
        make_agent(world)
        commit(world)

    assert synced == []


def test_a_disk_that_cannot_sync_is_told(
    path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(state_log, "_sync", fail)
    for sync in STATE_SYNCS[:2]:
        world = World()
        with StateFile(path, sync=sync) as file:
            file.attach(world)
            make_agent(world)
            commit(world)

    assert "cannot be written: Input/output error" in caplog.messages[0]
    assert caplog.messages[-1] == "the state file cannot be synced: Input/output error"


def test_a_file_that_was_replaced_meanwhile_needs_no_sync(path: str) -> None:
    syncing = state_log.StateSyncing("second")
    file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR), "r+b", buffering=0)
    file.close()
    syncing._file = file

    syncing._sync_copy()
