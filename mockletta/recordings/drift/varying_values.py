"""Binds recorded ids and random names to those of the replay, when they are first seen.

An id that a request mentions before any answer is the client's own and stays unchanged: an invented
otid, or the unknown `agent-00000000-…`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.scenario import Scenario, ScenarioRequest

UUID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_CALL = r"\bcall_\d+_\d+\b|\b(?:call|toolu)_[0-9A-Za-z]{12,}\b"
_ID = rf"(?<![0-9A-Za-z_])(?:[a-z]+(?:_[a-z]+)*-)?{UUID}|{_CALL}"
_ID_OF = re.compile(_ID)
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
_HOLES = {
    "own": r"<\d+ characters of the server's own text>",
    "link": "<link>",
    "replaced": r"<(?:redacted|masked) \d+>",
    "actor": r"actor='.*",
    "id": _ID,
    "time": _TIME,
    "clock": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [AP]M",
    "cut": r'(?<="time": ")[\d: -]+\Z',
    "ago": r"\b\d+s ago",
    "tokens": r'(?<=context_tokens_before": )\d+|(?<=context_tokens_after": )\d+'
    r"|(?<=system prompt tokens )\d+|(?<=system_prompt_token_estimate': )\d+",
    "host": r"http://127\.0\.0\.1:\d+(?=/v1)",
}
_ANY = {
    "own": ".*?",
    "link": r"https?://\S+",
    "replaced": ".*?",
    "actor": "actor='.*",
    "time": _TIME,
    "clock": _HOLES["clock"],
    "cut": r"[\d: -]+",
    "ago": r"\d+s ago",
    "tokens": r"\d+",
    "host": r"https?://[^/\"]+",
    "name": r"[A-Za-z]+",
}


class UnboundError(LookupError):
    """A request needs an id that the replay never got."""


class IdBinding:
    """A one-to-one mapping between the recorded and the replayed ids of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._ours: dict[str, str] = {}
        self._recorded: dict[str, str] = {}
        names = sorted(_random_names(scenario), key=len, reverse=True)
        holes = {**_HOLES, "name": rf"\b(?:{'|'.join(names) or '(?!)'})(?=_copy|\b)"}
        pattern = "|".join(f"(?P<{kind}>{one})" for kind, one in holes.items())
        self._holes = re.compile(pattern, re.DOTALL)
        self._literal = _client_chosen(scenario, self._holes)

    def ours(self, recorded: str) -> str | None:
        """Return the replayed id of a recorded one, None if it has not been seen."""
        return recorded if recorded in self._literal else self._ours.get(recorded)

    def bind(self, recorded: str, ours: str) -> bool:
        """Pair two ids. Returns False if either is paired with another one already."""
        if recorded in self._literal:
            return recorded == ours
        if recorded not in self._ours and ours not in self._recorded:
            self._ours[recorded] = ours
            self._recorded[ours] = recorded
        return self._ours.get(recorded) == ours

    def matches(self, recorded: str, ours: str) -> bool:
        """Return whether our text equals the recorded one, apart from values that must differ; bind
        the ids in it.

        A text that was cut in a file that the replay sends stays cut [82].
        """
        if ours == f"<{len(recorded)} characters of the server's own text>":
            return True
        if recorded == ours:
            return self._bind_all(recorded, [found[0] for found in self._ids_in(recorded)])
        found = re.fullmatch(self._pattern(recorded), ours, re.DOTALL)
        return found is not None and self._bind_all(recorded, list(found.groups()))

    def could_bind(self, recorded: str, ours: str) -> bool:
        """Return whether two ids are a pair, or could become one."""
        if recorded in self._literal:
            return recorded == ours
        return self._ours.get(recorded, ours) == ours and (
            self._recorded.get(ours, recorded) == recorded
        )

    def resembles(self, recorded: str, ours: str) -> bool:
        """Return whether two texts could match, with any ids in them; bind nothing."""
        return re.fullmatch(self._pattern(recorded), ours, re.DOTALL) is not None

    def first_mismatch(self, recorded: str, ours: str) -> tuple[str, str]:
        """Return the first line in which two texts differ: the expected one, and ours."""
        here, there = 0, 0
        for line in re.finditer("\n|\\\\n", recorded):
            found = re.match(self._pattern(recorded[: line.end()]), ours, re.DOTALL)
            if found is None:
                break
            here, there = line.end(), found.end()
        while recorded[here : here + 1] == ours[there : there + 1] != "":
            here, there = here + 1, there + 1
        back = min(here - len(recorded[:here].rstrip("0123456789")), there)
        here, there = here - back, there - back
        return self.rename(recorded[here:]), ours[there:]

    def rename(self, recorded: str) -> str:
        """Return a recorded text with the replayed ids that are known."""
        return self._holes.sub(lambda found: self.ours(found[0]) or found[0], recorded)

    def request(self, recorded: ScenarioRequest) -> ScenarioRequest:
        """Return the request to send in this replay. Raises UnboundError."""
        return replace(
            recorded,
            path=self._sendable(recorded.path),
            query=self._sendable(dict(recorded.query)),
            content=self._sendable(recorded.content),
            files=self._sendable(dict(recorded.files)),
            form=self._sendable(dict(recorded.form)),
        )

    def _ids_in(self, recorded: str) -> Iterator[re.Match[str]]:
        return (one for one in self._holes.finditer(recorded) if one.lastgroup in ("id", "name"))

    def _bind_all(self, recorded: str, ours: list[str]) -> bool:
        pairs = zip(self._ids_in(recorded), ours, strict=True)
        return not [found for found, our in pairs if not self.bind(found[0], our)]

    def _pattern(self, recorded: str) -> str:
        pieces, end = [], 0
        for found in self._holes.finditer(recorded):
            pieces += [re.escape(recorded[end : found.start()]), self._hole(found)]
            end = found.end()
        return "".join([*pieces, re.escape(recorded[end:])])

    def _hole(self, found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        if kind == "id":
            return f"({_like(found[0])})"
        if found[0] in self._literal:
            return re.escape(found[0])
        return f"({_ANY[kind]})" if kind == "name" else _ANY[kind]

    def _sendable(self, value: Json) -> Json:
        if isinstance(value, str):
            return self._holes.sub(self._send_one, value)
        if isinstance(value, list):
            return [self._sendable(one) for one in value]
        if isinstance(value, dict):
            return {key: self._sendable(one) for key, one in value.items()}
        return value

    def _send_one(self, found: re.Match[str]) -> str:
        if found.lastgroup not in ("id", "name"):
            return found[0]
        ours = self.ours(found[0])
        if ours is None:
            raise UnboundError(found[0])
        return ours


def strings(value: Json) -> Iterator[str]:
    """Return every string in a JSON value, with the keys of objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield key
            yield from strings(one)


def ids(value: Json) -> set[str]:
    """Return every id in a JSON value."""
    return {found for text in strings(value) for found in _ID_OF.findall(text)}


def _like(recorded: str) -> str:
    if recorded.startswith(("call_", "toolu_")):
        return r"(?:call|toolu)_\w+"
    return f"{re.escape(recorded[:-36])}{UUID}"


def _client_chosen(scenario: Scenario, holes: re.Pattern[str]) -> set[str]:
    answered: set[str] = set()
    chosen: set[str] = set()
    names = _random_names(scenario)
    for exchange in scenario.exchanges:
        sent = {
            found[0]
            for text in strings(exchange.request.values())
            for found in holes.finditer(text)
        }
        chosen |= sent - answered - names
        if exchange.recorded is not None:
            got = strings(exchange.recorded.values())
            answered |= {found[0] for text in got for found in holes.finditer(text)}
    return chosen


def _random_names(scenario: Scenario) -> set[str]:
    sent: set[str] = set()
    names: set[str] = set()
    for exchange in scenario.exchanges:
        sent |= set(strings(exchange.request.content))
        body = exchange.recorded.body if exchange.recorded is not None else None
        names |= {one.removesuffix("_copy") for one in _agent_names(body)} - sent
    return {one for one in names if one.isalpha()}


def _agent_names(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _agent_names(one)
    elif isinstance(value, dict):
        if "agent_type" in value and isinstance(value.get("name"), str):
            yield value["name"]
        for one in value.values():
            yield from _agent_names(one)
