"""The history of memory blocks."""

from datetime import UTC, datetime

from mockletta.state.block_history import OVERHEAD, BlockHistory, Cause

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_changes_of_a_block_are_kept_with_their_cause() -> None:
    history = BlockHistory()
    cause = Cause(operation="blocks.update", request=7)
    history.record("block-1", "a", "b", NOW, cause)
    history.record("block-2", "x", "y", NOW, Cause())
    history.record("block-1", "b", "b", NOW, Cause())
    [change] = history.of("block-1")
    assert (change.before, change.after, change.cause) == ("a", "b", cause)
    assert (history.count("block-1"), history.of("block-3"), history.dropped) == (1, [], 0)


def test_the_oldest_changes_go_when_there_are_too_many_bytes() -> None:
    history = BlockHistory(most_bytes=3 * (OVERHEAD + 8))
    history.record("block-1", "a", "b", NOW, Cause())
    history.record("block-2", "a", "b", NOW, Cause())
    for _ in range(2):
        history.record("block-2", "a", "b", NOW, Cause())
    assert [change.number for change in history.of("block-2")] == [2, 3, 4]
    assert (history.count("block-1"), history.dropped) == (0, 1)
    history.record("block-2", "a", "b", NOW, Cause())
    assert history.count("block-2") == 3


def test_a_deleted_block_takes_its_changes_along() -> None:
    history = BlockHistory()
    for block_id in ("block-1", "block-2", "block-1", "block-3"):
        history.record(block_id, "a", "b", NOW, Cause())
    history.forget("block-1")
    history.forget_all_but({"block-2"})
    assert [history.count(f"block-{number}") for number in (1, 2, 3)] == [0, 1, 0]
    assert (history.bytes, history.dropped) == (OVERHEAD + 8, 0)
