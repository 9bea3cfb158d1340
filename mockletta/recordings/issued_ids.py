"""Which ids of the recording the client knows under another name.

Two tests that run in parallel may both create an agent with the same request. Which of the two
recorded agents a test gets is chance; the request that follows shows which one it is. Then the ids
of the two answers are swapped, as long as nothing else was asked of either.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from mockletta.recordings.id_names import id_list, ids_in
from mockletta.recordings.recording import Content, Exchange


class IssuedIds:
    """Swaps of ids between the answers to equal requests."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._issuer: dict[str, Exchange] = {}
        self._uses: dict[str, list[int]] = {}
        self._swaps: dict[str, str] = {}
        for exchange in exchanges:
            for text in ids_in([exchange.target, exchange.content.data.decode(errors="replace")]):
                self._uses.setdefault(text, []).append(exchange.number)
            if exchange.method == "POST":
                for text in ids_in([exchange.body.decode(errors="replace")]):
                    self._issuer.setdefault(text, exchange)

    def recorded(self, asked: Exchange) -> Exchange:
        """Return a request with the recorded ids instead of those that the client knows."""
        return _with_ids(asked, self._swaps) if self._swaps else asked

    def shown(self, text: str) -> str:
        """Return a text with the ids that the client knows."""
        return _replaced(text, self._swaps) if self._swaps else text

    def swap_for(
        self, asked: Exchange, candidates: Sequence[Exchange], used: Collection[int]
    ) -> Exchange | None:
        """Swap ids so that a request has those of a candidate. Returns the request then, None if
        there is nothing to swap."""
        mine = next((one for one in id_list(asked.target) if one in self._issuer), None)
        if mine is None:
            return None
        for candidate in candidates:
            other = next((one for one in id_list(candidate.target) if one in self._issuer), None)
            if candidate.number in used or other is None or not self._are_equal(mine, other, used):
                continue
            swaps = self._swaps_between(self._issuer[mine], self._issuer[other])
            if _with_ids(asked, swaps).content.data == candidate.content.data:
                self._swaps |= swaps
                return _with_ids(asked, swaps)
        return None

    def _are_equal(self, mine: str, other: str, used: Collection[int]) -> bool:
        left, right = self._issuer[mine], self._issuer[other]
        is_same = (left.target, left.content.data) == (right.target, right.content.data)
        swapped = {mine, other} & self._swaps.keys()
        uses = [*self._uses.get(mine, ()), *self._uses.get(other, ())]
        return mine != other and is_same and not swapped and not set(uses) & set(used)

    def _swaps_between(self, left: Exchange, right: Exchange) -> dict[str, str]:
        pairs = zip(id_list(left.body.decode()), id_list(right.body.decode()), strict=False)
        different = {one: other for one, other in pairs if one != other}
        return different | {other: one for one, other in different.items()}


def _with_ids(asked: Exchange, swaps: Mapping[str, str]) -> Exchange:
    try:
        data = _replaced(asked.content.data.decode(), swaps).encode()
    except UnicodeError:
        data = asked.content.data
    return replace(
        asked,
        path=_replaced(asked.path, swaps),
        query=_replaced(asked.query, swaps),
        content=Content(data, len(data)),
    )


def _replaced(text: str, swaps: Mapping[str, str]) -> str:
    found = [one for one in swaps if one in text]
    return re.sub("|".join(found), lambda it: swaps[it[0]], text) if found else text
