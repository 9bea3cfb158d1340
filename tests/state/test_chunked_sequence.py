"""Sequences that are cheap to copy."""

import random

from mockletta.state.chunked_sequence import SIZE, Chunks


def make_chunks(size: int) -> Chunks[int]:
    chunks: Chunks[int] = Chunks()
    for item in range(size):
        chunks.append(item)
    return chunks


def test_items_come_in_the_order_they_were_appended_in() -> None:
    for size in (0, 1, SIZE, SIZE + 1, 3 * SIZE):
        chunks = make_chunks(size)

        assert (list(chunks), len(chunks)) == (list(range(size)), size)


def test_a_cut_is_from_one_place_to_before_another() -> None:
    chunks, plain = make_chunks(3 * SIZE), list(range(3 * SIZE))

    for first, end in ((0, 5), (SIZE - 1, SIZE + 1), (SIZE, 2 * SIZE), (5, 3 * SIZE), (9, 9)):
        places = divmod(first, SIZE), divmod(end, SIZE)
        assert list(chunks.cut(*places, reverse=False)) == plain[first:end]
        assert list(chunks.cut(*places, reverse=True)) == plain[first:end][::-1]
    assert list(chunks.cut(None, None, reverse=True)) == plain[::-1]


def test_an_empty_sequence_has_an_empty_cut() -> None:
    assert list(make_chunks(0).cut(None, None, reverse=False)) == []


def test_copies_go_their_own_ways_whatever_is_done_to_them() -> None:
    rng = random.Random(1)
    pairs = [(make_chunks(2 * SIZE), list(range(2 * SIZE)))]
    for item in range(4_000):
        chunks, plain = rng.choice(pairs)
        act = rng.random()
        if act < 0.01 and len(pairs) < 8:
            pairs.append((Chunks(chunks), plain.copy()))
        elif act < 0.6:
            chunks.append(item)
            plain.append(item)
        elif plain:
            at = rng.choice([0, len(plain) - 1])
            chunks.remove_at(place_of(chunks, at))
            del plain[at]

    assert [(list(chunks), len(chunks)) for chunks, _ in pairs] == [
        (plain, len(plain)) for _, plain in pairs
    ]


def test_after_its_last_chunk_is_gone_a_copy_still_has_its_own_end() -> None:
    chunks = make_chunks(SIZE + 1)
    chunks.remove_at((0, 0))
    copy = Chunks(chunks)
    copy.remove_at((1, 0))

    copy.append(-1)

    assert list(chunks) == list(range(1, SIZE + 1))
    assert list(copy) == [*range(1, SIZE), -1]


def test_nothing_is_left_when_the_last_item_goes() -> None:
    chunks = make_chunks(1)

    chunks.remove_at((0, 0))

    assert (list(chunks), len(chunks)) == ([], 0)


def place_of(chunks: Chunks[int], number: int) -> tuple[int, int]:
    """Where an item is, counted chunk by chunk."""
    for place, chunk in enumerate((*chunks._full, chunks._last)):
        if number < len(chunk):
            return place, number
        number -= len(chunk)
    raise IndexError(number)
