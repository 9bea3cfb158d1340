"""Finds the recorded answer to a request. Equal requests are answered in their recorded order.

A read, such as a list of messages, is answered as at this point of its conversation or agent: after
the last write there, and before the next one. A read that is repeated more often than recorded gets
the same answer again, and so does a retry of the SDK.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mockletta.http.sse import frames_in
from mockletta.recordings.id_names import ids_in
from mockletta.recordings.issued_ids import IssuedIds
from mockletta.recordings.likeness import Likeness, OwnValues
from mockletta.recordings.recording import Exchange, Recording, header
from mockletta.recordings.scrubbing import split_alike

READS = ("GET", "HEAD", "OPTIONS")
_READING_POSTS = ("/search", "/count")
_RETRY = "x-stainless-retry-count"
MOST_COMPARED = 500
"""The number of recorded requests among which a refusal looks for the nearest one."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no recorded answer. `nearest` is the recorded request with the fewest
    differences."""

    text: str
    nearest: Exchange | None = None


class Replayer:
    """Answers requests from a recording. Several threads may use it."""

    def __init__(self, recording: Recording, name: str = "the recording") -> None:
        self.recording = recording
        self._name = name
        self._lock = threading.Lock()
        self._own = OwnValues(_ids_of_server(recording.exchanges))
        self._issued = IssuedIds(recording.exchanges)
        self._used: set[int] = set()
        self._by_method: dict[tuple[str, int], list[Exchange]] = defaultdict(list)
        self._writes: dict[str, list[int]] = defaultdict(list)
        for exchange in recording.exchanges:
            self._by_method[_kind(exchange)].append(exchange)
            if not is_read(exchange):
                self._writes[scope_of(exchange)].append(exchange.number)

    def find(self, asked: Exchange) -> Exchange | Refusal:
        """Find the answer to a request, or why there is none. The answer counts as used.

        It has the ids and values that the client knows.
        """
        with self._lock:
            found = self._find(self._issued.recorded(asked))
            return self._shown(found) if isinstance(found, Exchange) else found

    @property
    def unused(self) -> list[Exchange]:
        """The exchanges that were not requested."""
        return [one for one in self.recording.exchanges if one.number not in self._used]

    def _shown(self, found: Exchange) -> Exchange:
        parts = frames_in(found.body) if found.is_stream else [found.body]
        units = [(part, self._rendered(part)) for part in parts]
        pieces = split_alike(found.pieces, units)
        grown = sum(len(new) - len(old) for old, new in units)
        return replace(found, pieces=pieces, whole_size=found.whole_size + grown)

    def _rendered(self, data: bytes) -> bytes:
        try:
            return self._own.rendered(self._issued.shown(data.decode())).encode()
        except UnicodeError:
            return data

    def _find(self, asked: Exchange) -> Exchange | Refusal:
        alike = self._alike(asked)
        if not alike:
            candidates = self._by_method[_kind(asked)]
            swapped = self._issued.swap_for(asked, candidates, self._used, self._is_alike)
            alike = [] if swapped is None else self._alike(swapped)
        if not alike:
            return self._refusal(asked)
        chosen = self._chosen(asked, [exchange for exchange, _ in alike])
        if isinstance(chosen, Exchange):
            self._own.bind(next(pairs for exchange, pairs in alike if exchange is chosen))
            self._used.add(chosen.number)
        return chosen

    def _alike(self, asked: Exchange) -> list[tuple[Exchange, dict[str, str]]]:
        found = []
        for exchange in self._by_method[_kind(asked)]:
            likeness = Likeness(self._own)
            if likeness.compare(exchange, asked):
                found.append((exchange, likeness.pairs))
        exact = [one for one in found if not one[1]]
        free = [one for one in exact if one[0].number not in self._used]
        return exact if free or (is_read(asked) and exact) else found

    def _is_alike(self, recorded: Exchange, asked: Exchange) -> bool:
        return Likeness(self._own).compare(recorded, asked)

    def _chosen(self, asked: Exchange, alike: Sequence[Exchange]) -> Exchange | Refusal:
        retries = header(asked.headers, _RETRY)
        same_try = [one for one in alike if header(one.headers, _RETRY) == retries]
        unused = [one for one in (same_try or alike) if one.number not in self._used]
        if is_read(asked):
            return self._read(alike)
        if unused:
            return self._in_order(unused[0])
        if retries not in ("", "0"):
            return alike[-1]
        times = f"{len(alike)} times" if len(alike) > 1 else "once"
        return Refusal(
            f"{self._name} holds this request {times}, and it was answered already", alike[-1]
        )

    def _in_order(self, chosen: Exchange) -> Exchange | Refusal:
        """Refuse a message that was sent later in its conversation than one that has not been sent
        yet."""
        if not is_message(chosen):
            return chosen
        for number in self._writes[scope_of(chosen)]:
            due = self.recording.by_number[number]
            if number >= chosen.number:
                break
            if number not in self._used and is_message(due) and due.at + due.ended < chosen.at:
                return Refusal(
                    f"{self._name} holds this request, but request {number} comes before it in "
                    "the same conversation and was not sent",
                    due,
                )
        return chosen

    def _read(self, alike: Sequence[Exchange]) -> Exchange | Refusal:
        """Choose the answer for this point in time, unused ones first."""
        last, following = self._window(scope_of(alike[0]))
        now = [one for one in alike if last < one.number < following]
        before = [one for one in alike if one.number < last]
        unused = [one for one in now if one.number not in self._used]
        if unused or now or before:
            return (unused or now[-1:] or before[-1:])[0]
        due = self.recording.by_number[int(following)]
        return Refusal(
            f"{self._name} holds this request only after request {due.number}, which was not sent",
            due,
        )

    def _window(self, scope: str) -> tuple[float, float]:
        """Return the writes of a scope between which the replay is."""
        if not scope:
            return 0, float("inf")
        writes = self._writes[scope]
        last = max((n for n in writes if n in self._used), default=0)
        due = (n for n in writes if n > last)
        return last, next(due, float("inf"))

    def _refusal(self, asked: Exchange) -> Refusal:
        told = f"{self._name} does not hold {asked.method} {asked.target}"
        nearest = self._nearest(asked)
        if nearest is None:
            return Refusal(told)
        exchange, difference = nearest
        name = exchange.operation or f"{exchange.method} {exchange.path}"
        return Refusal(
            f"{told}. The nearest is request {exchange.number}, {name}: {difference}", exchange
        )

    def _nearest(self, asked: Exchange) -> tuple[Exchange, str] | None:
        compared = []
        for exchange in self._by_method[_kind(asked)][:MOST_COMPARED]:
            likeness = Likeness(self._own)
            likeness.compare(exchange, asked)
            if likeness.differences:
                used = exchange.number in self._used
                rank = (likeness.differences[0].startswith("path"), len(likeness.differences), used)
                compared.append((rank, exchange, likeness.differences[0]))
        if not compared:
            return None
        _, exchange, difference = min(compared, key=lambda one: (one[0], one[1].number))
        return exchange, difference


def is_read(exchange: Exchange) -> bool:
    """Return whether a request changes nothing."""
    return exchange.method in READS or exchange.path.rstrip("/").endswith(_READING_POSTS)


def is_message(exchange: Exchange) -> bool:
    """Return whether a request sends messages to an agent."""
    path = exchange.path.rstrip("/")
    return exchange.method == "POST" and path.endswith(("/messages", "/messages/stream"))


def scope_of(exchange: Exchange) -> str:
    """Return what a request is about: the first id in its path, or in its query; "" without an
    id."""
    for text in (exchange.path, exchange.query):
        found = [
            part for part in text.replace("=", "/").replace("&", "/").split("/") if ids_in([part])
        ]
        if found:
            return found[0]
    return ""


def _kind(exchange: Exchange) -> tuple[str, int]:
    return exchange.method, exchange.path.rstrip("/").count("/")


def _ids_of_server(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """Find the ids that occur in an answer before any request has them."""
    own: set[str] = set()
    answered: set[str] = set()
    for exchange in exchanges:
        sent = (exchange.target, exchange.content.data.decode(errors="replace"))
        own |= ids_in(sent) - answered
        answered |= ids_in([exchange.body.decode(errors="replace")]) - own
    return frozenset(answered)
