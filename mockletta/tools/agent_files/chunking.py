"""The passages of a file: chunks of its text."""

from itertools import pairwise

from mockletta.state.token_counting import CHARACTERS_PER_TOKEN

MOST_PASSAGES = 10_000
_BREAKS = ("\n\n", "\n", ". ", " ")


def cut_into_passages(text: str, tokens: int) -> list[str]:
    """Split a text into pieces of at most `tokens` at paragraphs, lines, sentences or words.

    Pieces of a very long text are larger, so that there are at most MOST_PASSAGES or so.
    """
    size = max(max(tokens, 1) * CHARACTERS_PER_TOKEN, 2 * len(text) // MOST_PASSAGES)
    cuts = [0]
    while len(text) - cuts[-1] > size:
        cuts.append(cuts[-1] + _cut(text[cuts[-1] : cuts[-1] + size]))
    pieces = (text[start:end].strip() for start, end in pairwise([*cuts, len(text)]))
    return [piece for piece in pieces if piece]


def _cut(piece: str) -> int:
    """Return the best place to cut a piece, in its second half."""
    for mark in _BREAKS:
        place = piece.rfind(mark, len(piece) // 2)
        if place >= 0:
            return place + len(mark)
    return len(piece)
