"""The feed: what watchers are told, and what it costs when nobody watches."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from mockletta.journal import feed as feeds
from mockletta.journal.feed import Feed, FeedEvent, WatchLevel
from mockletta.journal.journal import Journal
from mockletta.state.event_log import Burst
from tests.journal.making import an_entry


class Watcher:
    woken = 0

    def wake(self) -> None:
        self.woken += 1


async def first(events: AsyncIterator[FeedEvent | None], number: int) -> list[int | None]:
    found = [await anext(events) for _ in range(number)]
    return [None if event is None else event.number for event in found]


def test_a_watcher_is_told_what_happens_from_now_on() -> None:
    async def story() -> list[int | None]:
        feed = Feed()
        feed.publish("before", {})
        events = feed.follow(None)
        told = asyncio.ensure_future(first(events, 2))
        await asyncio.sleep(0)
        feed.publish("one", {})
        feed.publish("two", {})
        return await told

    assert asyncio.run(story()) == [2, 3]


def test_a_watcher_that_comes_back_misses_nothing_and_sees_nothing_twice() -> None:
    async def story() -> list[int | None]:
        feed = Feed()
        for _ in range(5):
            feed.publish("one", {})
        return await first(feed.follow(3), 2)

    assert asyncio.run(story()) == [4, 5]


def test_the_feed_is_bounded_in_bytes() -> None:
    feed = Feed(most_bytes=2_000)
    for _ in range(100):
        feed.publish("large", {"text": "x" * 300})
    assert feed.bytes <= 2_000
    assert [event.number for event in feed.after(0)] == [98, 99, 100]


def test_events_come_from_any_thread() -> None:
    async def story() -> list[int | None]:
        feed = Feed()
        told = asyncio.ensure_future(first(feed.follow(None), 1))
        await asyncio.sleep(0)
        threading.Thread(target=feed.publish, args=("one", {})).start()
        return await told

    assert asyncio.run(story()) == [1]


def test_silence_is_broken_by_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT", 0.001)
    assert asyncio.run(first(Feed().follow(None), 1)) == [None]


def test_it_is_active_for_a_moment_after_the_last_watcher_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed, watcher = Feed(), Watcher()
    assert not feed.interest
    feed.join(watcher)
    feed.publish("one", {})
    feed.leave(watcher)
    feed.publish("two", {})
    assert (feed.interest, watcher.woken) == (WatchLevel.EVERYTHING, 1)
    monkeypatch.setattr("mockletta.journal.feed.time.monotonic", lambda: 1e12)
    feed.publish("three", {})
    assert not feed.interest


def test_a_watcher_gets_each_paced_event_of_an_entry_that_is_kept() -> None:
    journal, entry = Journal(), an_entry()
    journal.feed = Feed()
    journal.feed.join(Watcher())
    journal.add(entry)
    recorder = entry.start_burst(Burst("assistant_message", b"[", (b"1", b"2", b"3"), b"]"), 0)
    recorder.record(1, 9)
    recorder.record(1, 9)
    journal.most_entries = 1
    journal.add(an_entry())  # the first one is dropped
    recorder.record(1, 9)

    frames = [event.facts["frames"] for event in journal.feed.after(0)]
    assert frames == [[[1]], [[2]]]
