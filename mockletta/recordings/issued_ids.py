"""The ids of the recording that the client knows under another name.

Tests that run in parallel may create agents with equal requests. Which of the recorded agents a
test gets is chance; the next message shows which one it is. Then the ids of the two are exchanged,
with those of the conversations that were created for them, unless something else was requested of
either.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mockletta.recordings.id_names import id_list, ids_in
from mockletta.recordings.recording import Content, Exchange

Alike = Callable[[Exchange, Exchange], bool]
"""Compares a recorded request with a present one."""


@dataclass
class _Swap:
    """Ids to exchange, and the numbers of the exchanges that issued them, in both directions."""

    ids: dict[str, str] = field(default_factory=dict)
    issuers: dict[int, int] = field(default_factory=dict)


class IssuedIds:
    """The ids that the recording issues, as the client knows them."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._issuer: dict[str, Exchange] = {}
        self._uses: dict[str, set[int]] = {}
        self._recorded: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for exchange in exchanges:
            for text in ids_in([_sent(exchange)]):
                self._uses.setdefault(text, set()).add(exchange.number)
            if exchange.method == "POST":
                for text in ids_in([exchange.body.decode(errors="replace")]):
                    self._issuer.setdefault(text, exchange)

    def recorded(self, asked: Exchange) -> Exchange:
        """Return a request with the recorded ids instead of those that the client knows."""
        return _with_ids(asked, self._recorded) if self._recorded else asked

    def shown(self, text: str) -> str:
        """Return a text with the ids that the client knows."""
        return _replaced(text, self._shown) if self._shown else text

    def swap_for(
        self, asked: Exchange, candidates: Sequence[Exchange], used: set[int], alike: Alike
    ) -> Exchange | None:
        """Exchange ids so that a request matches an unused candidate. If the exchange that issued
        one id was used, the one that issued the other id counts as used.

        Return the request with the exchanged ids, None if there is nothing to exchange.
        """
        mine = self._first_issued(asked)
        for candidate in candidates:
            other = self._first_issued(candidate)
            if candidate.number in used or other is None or mine in (None, other):
                continue
            swap = self._swap_of(str(mine), other)
            if swap is not None and self._is_free(swap, used):
                swapped = _with_ids(asked, swap.ids)
                if alike(candidate, swapped):
                    self._apply(swap.ids)
                    others = {swap.issuers[one] for one in used & swap.issuers.keys()}
                    used.difference_update(swap.issuers)
                    used.update(others)
                    return swapped
        return None

    def _first_issued(self, exchange: Exchange) -> str | None:
        return next((one for one in id_list(exchange.target) if one in self._issuer), None)

    def _swap_of(self, mine: str, other: str) -> _Swap | None:
        """Return the exchange of two ids. It is None unless they were issued for equal requests, or
        for ids that are exchanged too."""
        left, right = self._issuer.get(mine), self._issuer.get(other)
        if left is None or right is None or left is right:
            return None
        swap = _Swap({}, {left.number: right.number, right.number: left.number})
        for one, another in zip(id_list(_sent(left)), id_list(_sent(right)), strict=False):
            inner = self._swap_of(one, another) if one != another else _Swap()
            if inner is None:
                return None
            swap.ids |= inner.ids
            swap.issuers |= inner.issuers
        if _replaced(_sent(left), swap.ids) != _sent(right):
            return None
        swap.ids |= _pairs(left, right)
        return swap

    def _is_free(self, swap: _Swap, used: Collection[int]) -> bool:
        """Return whether nothing was requested of the ids yet, except by the exchanges that issued
        them."""
        uses = {number for one in swap.ids for number in self._uses.get(one, ())}
        return uses & set(used) <= swap.issuers.keys()

    def _apply(self, swap: Mapping[str, str]) -> None:
        known = self._recorded.keys() | swap.keys()
        before = {one: self._recorded.get(one, one) for one in known}
        after = {one: swap.get(recorded, recorded) for one, recorded in before.items()}
        self._recorded = {one: recorded for one, recorded in after.items() if one != recorded}
        self._shown = {recorded: one for one, recorded in self._recorded.items()}


def _sent(exchange: Exchange) -> str:
    return f"{exchange.target} {exchange.content.data.decode(errors='replace')}"


def _pairs(left: Exchange, right: Exchange) -> dict[str, str]:
    bodies = [one.body.decode(errors="replace") for one in (left, right)]
    pairs = zip(*map(id_list, bodies), strict=False)
    different = {one: other for one, other in pairs if one != other}
    return different | {other: one for one, other in different.items()}


def _with_ids(asked: Exchange, ids: Mapping[str, str]) -> Exchange:
    try:
        data = _replaced(asked.content.data.decode(), ids).encode()
    except UnicodeError:
        data = asked.content.data
    return replace(
        asked,
        path=_replaced(asked.path, ids),
        query=_replaced(asked.query, ids),
        content=Content(data, len(data)),
    )


def _replaced(text: str, ids: Mapping[str, str]) -> str:
    found = [one for one in ids if one in text]
    return re.sub("|".join(found), lambda it: ids[it[0]], text) if found else text
