"""The messages of one conversation: their order, and which of them are in context."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockletta.state.message_records import MessageRecord
from mockletta.state.table import Table
from mockletta.state.threads import LARGEST_PAGE, MOST_PAGES, KeptPages, Thread


def record(name: str, tokens: int = 1) -> MessageRecord:
    return MessageRecord(
        id=name,
        role="user",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        agent_id="agent",
        conversation_id=None,
        content=name,
        tokens=tokens,
    )


def make_thread(*records: MessageRecord) -> Thread:
    table: Table[MessageRecord] = Table(MessageRecord, "Message")
    thread = Thread(table)
    for item in records:
        thread.append(table.add(item))
    return thread


A, B, C = record("a", 1), record("b", 2), record("c", 4)


def test_messages_are_listed_in_order_and_are_in_context() -> None:
    thread = make_thread(A, B, C)

    assert (list(thread), len(thread), "b" in thread, "d" in thread) == (
        ["a", "b", "c"],
        3,
        True,
        False,
    )
    assert (thread.context, thread.tokens) == ([A, B, C], 7)


@pytest.mark.parametrize("most", [0, 1, 100])
def test_positions_are_the_same_however_many_messages_wait(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("mockletta.state.threads.MOST_UNLISTED", most)
    thread = make_thread(A, B)
    assert thread.key("b") == 1
    copy = thread.owned_by(object(), thread._messages)
    copy.append(C)
    assert [copy.key(name) for name in "abcd"] == [0, 1, 2, None]
    assert ("c" in copy, "c" in thread) == (True, False)


def test_a_message_can_be_listed_without_being_in_context() -> None:
    thread = make_thread(A)
    thread._messages.add(B)

    thread.list_only(B)

    assert (list(thread), thread.context, thread.tokens) == (["a", "b"], [A], 1)


def test_what_leaves_the_context_stays_listed() -> None:
    thread = make_thread(A, B, C)

    thread.set_context([A, C])

    assert (list(thread), thread.context_ids, thread.tokens) == (["a", "b", "c"], ["a", "c"], 5)


def test_messages_that_changed_in_the_table_change_in_context() -> None:
    thread = make_thread(A, B, C)
    thread._messages.replace(longer := replace(B, tokens=7, waits_along=True))
    thread._messages.remove("c")

    thread.refresh()

    assert (thread.context, thread.tokens, thread.uneven) == ([A, longer], 8, 1)
    assert thread.rewrites == 1


def test_a_system_message_is_replaced_wherever_it_is_in_context() -> None:
    thread = make_thread(A, B)
    thread.set_context([A, B, A])

    thread.replace_system(A, longer := replace(A, tokens=7))

    assert (thread._messages.get("a"), thread.context) == (longer, [longer, B, longer])
    assert (thread.tokens, thread.rewrites) == (16, 1)


def test_a_change_before_that_of_the_system_message_is_not_missed() -> None:
    thread = make_thread(A, B)
    thread._messages.remove("b")

    thread.replace_system(A, longer := replace(A, tokens=7))
    thread.refresh()

    assert (thread.context, thread.tokens) == ([longer], 7)


@pytest.mark.parametrize("is_read_before", [True, False])
def test_a_copy_follows_the_changes_of_its_own_table(is_read_before: bool) -> None:
    thread = make_thread(A, B)
    thread._messages.replace(longer := replace(A, tokens=7))
    if is_read_before:
        thread.refresh()
    table = thread._messages.copy()
    thread._messages.remove("b")

    copy = thread.owned_by("me", table)
    copy.refresh()
    thread.refresh()

    assert (copy.context, thread.context) == ([longer, B], [longer])


def test_a_cursor_is_a_position() -> None:
    thread = make_thread(A, B, C)

    assert [thread.key(name) for name in "abcd"] == [0, 1, 2, None]


def test_a_thread_can_be_frozen() -> None:
    thread = make_thread(A, B)
    frozen = thread.frozen()
    thread.list_only(C)

    assert list(frozen.scan(0, None, reverse=False)) == [B]


def test_a_scan_leaves_out_both_its_ends() -> None:
    thread = make_thread(A, B, C)

    assert list(thread.scan(0, 2, reverse=False)) == [B]
    assert list(thread.scan(None, 2, reverse=True)) == [B, A]
    assert list(thread.scan(0, None, reverse=False)) == [B, C]


def test_a_copy_goes_on_by_itself() -> None:
    thread = make_thread(A, B)
    table: Table[MessageRecord] = thread._messages.copy()

    first, second = thread.owned_by("first", table), thread.owned_by("second", table)
    first.append(table.add(C))
    second.set_context([B])
    second.turns += 1

    assert (list(thread), list(first), list(second)) == (["a", "b"], ["a", "b", "c"], ["a", "b"])
    assert (first.key("c"), second.key("c"), first.turns, second.turns) == (2, None, 0, 1)
    assert (thread.context, first.context, second.context) == ([A, B], [A, B, C], [B])
    assert (first.tokens, second.tokens) == (7, 2)


def kept_page() -> tuple[KeptPages, Table[MessageRecord], Thread]:
    """Pages, with one of a thread with two messages."""
    table: Table[MessageRecord] = Table(MessageRecord, "Message")
    thread, pages = Thread(table), KeptPages(table)
    for item in (A, B):
        thread.append(table.add(item))
    pages.keep("t", thread, b"limit=2", b"[1,2]")
    assert pages.find("t", thread, b"limit=2") == b"[1,2]"
    return pages, table, thread


def test_a_page_holds_for_its_thread_and_query_only() -> None:
    pages, table, thread = kept_page()
    table.add(C)
    others = (("u", thread, b"limit=2"), ("t", Thread(table), b"limit=2"), ("t", thread, b""))
    assert [pages.find(*other) for other in others] == [None, None, None]
    assert pages.find("t", thread, b"limit=2") == b"[1,2]"


def test_a_page_holds_until_something_of_it_may_have_changed() -> None:
    pages, table, thread = kept_page()
    thread.append(table.add(C))
    assert pages.find("t", thread, b"limit=2") is None
    pages, table, thread = kept_page()
    table.replace(record("a", 7))
    assert pages.find("t", thread, b"limit=2") is None
    pages, table, thread = kept_page()
    table.remove("b")
    assert pages.find("t", thread, b"limit=2") is None


def test_only_the_newest_pages_are_kept_and_no_large_ones() -> None:
    pages, _, thread = kept_page()
    pages.keep("t", thread, b"large", b"x" * (LARGEST_PAGE + 1))
    assert pages.find("t", thread, b"large") is None
    for number in range(MOST_PAGES):
        pages.keep("t", thread, b"%d" % number, b"[]")
    assert pages.find("t", thread, b"limit=2") is None
    assert pages.find("t", thread, b"0") == b"[]"
