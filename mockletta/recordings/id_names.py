"""Short, stable names for ids, so that a recording reads well and two of them can be compared.

`agent-5ed744f6-…` becomes `⟨agent-1⟩`, the first agent that the recording mentions. A text that
already looks like such a name gets one too, so that replacing names by ids always restores the
original.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

UUID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
NAME = r"⟨[a-z_]+-\d+⟩"
_ID = re.compile(
    rf"(?<![0-9A-Za-z_])(?:[a-z]+(?:_[a-z]+)*-)?{UUID}(?![0-9a-f])"
    rf"|\b(?:call|toolu)_[A-Za-z0-9]{{12,}}\b|{NAME}"
)
_NAME = re.compile(NAME)
_TAIL = re.compile("-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])")
_HEAD = re.compile(r"(?<![0-9A-Za-z_])(?:(?P<kind>[a-z]+(?:_[a-z]+)*)-)?[0-9a-f]{8}\Z")
_OTHER = re.compile(rf"\b(?P<kind>call|toolu)_[A-Za-z0-9]{{12,}}\b|{NAME}")
_CALL = re.compile("call_[A-Za-z0-9]{12}")
LONGEST_HEAD = 60
"""The number of characters before the first hyphen of a UUID that can be its kind and its
beginning."""


class IdNames:
    """Names ids in the order in which they appear. `known` are the names of an earlier part."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.ids: dict[str, str] = dict(known or {})
        self._names = {text: name for name, text in self.ids.items()}
        self._counts = Counter(name.rpartition("-")[0] for name in self.ids)
        self._new: list[str] = []

    def shorten(self, text: str) -> str:
        """Replace the ids in a text by their names."""
        if "⟨" in text or "toolu_" in text or _CALL.search(text):
            text = _OTHER.sub(lambda found: self._name_of(found[0], found["kind"]), text)
        parts, end = [], 0
        for tail in _TAIL.finditer(text):  # it begins with a literal, so it is found fast
            before = text[max(end, tail.start() - LONGEST_HEAD) : tail.start()]
            head = _HEAD.search(before)
            if head is not None:
                start = tail.start() - len(head[0])
                parts += [text[end:start], self._name_of(head[0] + tail[0], head["kind"])]
                end = tail.end()
        return "".join([*parts, text[end:]]) if parts else text

    def take_new(self) -> dict[str, str]:
        """Return the names given since the last call, with their ids."""
        new, self._new = self._new, []
        return {name: self.ids[name] for name in new}

    def _name_of(self, text: str, kind: str | None) -> str:
        name = self._names.get(text)
        if name is None:
            name = self._new_name(kind or _kind_of(text))
            self._names[text] = name
            self.ids[name] = text
            self._new.append(name)
        return f"⟨{name}⟩"

    def _new_name(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{kind}-{self._counts[kind]}"


def restore(text: str, ids: Mapping[str, str]) -> str:
    """Replace names by the ids that they stand for."""
    return _NAME.sub(lambda found: ids.get(found[0][1:-1], found[0]), text)


def id_list(text: str) -> list[str]:
    """Find the ids that a text mentions, in their order."""
    return [found[0] for found in _ID.finditer(text)]


def ids_in(texts: Iterable[str]) -> set[str]:
    """Find all ids that some texts mention."""
    return {one for text in texts for one in id_list(text)}


def _kind_of(text: str) -> str:
    return "text" if text.startswith("⟨") else "id"
