"""Replaces secrets and masked texts in exchanges before they are written.

Equal texts get equal stand-ins, `<redacted 1>` or `<masked 1>`, so that a recording still shows
where the same one occurs again.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from mockletta.documents.json_types import Json
from mockletta.errors import BadSettings
from mockletta.http.redaction import Redactor
from mockletta.http.secret_patterns import (
    LEAST_DISTINCT,
    holds_secret,
    is_secret_name,
    may_hold_secrets,
    redact_form,
    redact_match,
    redact_query,
    redact_text,
)
from mockletta.http.sse import data_frame, frame_data, frames_in
from mockletta.recordings.file_format import dumped, parsed_json
from mockletta.recordings.recording import Content, Exchange, Pairs, Piece

Mask = Callable[[str], str]
SecretsOf = Callable[[Exchange], set[str]]
"""Finds the secrets of an exchange by the models of its operation."""
Unit = tuple[bytes, bytes]
MOST_HEADERS = 10_000
"""The number of scrubbed headers that are cached."""
STAND_IN = re.compile(r"<(?:redacted|masked) (\d+)>")
_SCHEMES = ("bearer", "basic", "password")
_COOKIE = re.compile(r"(?<=[^;\s]=)[^;\s]+")


class StandIns:
    """Numbers the texts that are replaced."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._numbers: dict[str, int] = {}
        self._last = 0
        self._distinct: list[str] = []
        self._pattern: re.Pattern[str] | None = None

    def of(self, text: str) -> str:
        """Return the stand-in of a text. The stand-in of a stand-in is itself."""
        if STAND_IN.fullmatch(text):
            self.skip(text)
            return text
        if text not in self._numbers:
            self._last += 1
            self._numbers[text] = self._last
            if len(text) >= LEAST_DISTINCT:
                self._distinct.append(text)
                self._pattern = None
        return f"<{self._kind} {self._numbers[text]}>"

    def skip(self, text: str) -> None:
        """Do not use the numbers of the stand-ins in a text for other texts."""
        for found in STAND_IN.finditer(text):
            self._last = max(self._last, int(found[1]))

    def are_in(self, text: str) -> bool:
        """Return whether a text contains one of the longer replaced texts."""
        return any(secret in text for secret in self._distinct)

    def replace_in(self, text: str) -> str:
        """Replace the longer replaced texts in a text."""
        if not self.are_in(text):
            return text
        if self._pattern is None:
            longest_first = sorted(self._distinct, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern.sub(lambda found: self.of(found[0]), text)


class Scrubber:
    """Replaces secrets in exchanges.

    `patterns` are further forms of secrets, and `paths` further JSON paths to them, such as
    `$.metadata.ssn` or `$..ssn`. `masks` are patterns of personal texts, `mask` is a function that
    masks a text. `secrets_of` finds secrets by the models of an operation.
    """

    def __init__(
        self,
        patterns: Iterable[str] = (),
        paths: Iterable[str] = (),
        masks: Iterable[str] = (),
        mask: Mask | None = None,
        secrets_of: SecretsOf | None = None,
    ) -> None:
        self._patterns = [*map(compiled, patterns)]
        self._paths = [path_pattern(path) for path in paths]
        self._masks = [*map(compiled, masks)]
        self._mask = mask
        self._secrets_of = secrets_of or (lambda _: set())
        self._redacted = StandIns("redacted")
        self._masked = StandIns("masked")
        self._looks_at_all = bool(self._patterns or self._paths or self._masks or mask)
        self._headers: dict[tuple[str, str], tuple[str, str]] = {}

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return an exchange without secrets."""
        self._leave_out(exchange)
        headers = self._scrubbed_headers(exchange.headers)
        response_headers = self._scrubbed_headers(exchange.response_headers)
        own = {text for text in self._secrets_of(exchange) if not STAND_IN.fullmatch(text)}
        for text in sorted(own):
            self._redacted.of(text)
        content = exchange.content
        data = self._bytes(content.data, own)
        pieces = self._pieces(exchange, own)
        size = sum(len(piece) for _, piece in pieces)
        return replace(
            exchange,
            path=self.text(exchange.path),
            query=self._query(self.text(exchange.query)),
            headers=headers,
            content=Content(data, content.whole_size + len(data) - len(content.data)),
            response_headers=response_headers,
            pieces=pieces,
            whole_size=exchange.whole_size + size - len(exchange.body),
            reason=self.text(exchange.reason),
        )

    def text(self, text: str) -> str:
        """Return the text without secrets that are known or recognised by their form."""
        redact = self._redacted.of
        text = redact_text(text, redact)
        for pattern in self._patterns:
            text = pattern.sub(partial(redact_match, redact), text)
        text = self._redacted.replace_in(text)
        for pattern in self._masks:
            text = pattern.sub(partial(redact_match, self._masked.of), text)
        return self._mask(text) if self._mask is not None else text

    def may_have_leftovers(self, text: str) -> bool:
        """Return whether a line of a file must be checked: it has a secret, or escaped
        characters."""
        return "\\" in text or self._redacted.are_in(text)

    def leftovers(self, value: Json) -> Json:
        """Return JSON without the secrets that became known later. Names of fields stay."""
        if isinstance(value, dict):
            return {name: self.leftovers(inside) for name, inside in value.items()}
        if isinstance(value, list):
            return [self.leftovers(item) for item in value]
        if not isinstance(value, str):
            return value
        return redact_text(self._redacted.replace_in(value), self._redacted.of)

    def _leave_out(self, exchange: Exchange) -> None:
        """Use no number of the stand-ins that the exchange already has."""
        for data in (exchange.target.encode(), exchange.content.data, exchange.body):
            if b"ed " in data:
                text = data.decode(errors="replace")
                self._redacted.skip(text)
                self._masked.skip(text)

    def _scrubbed_headers(self, headers: Pairs) -> Pairs:
        """Scrub headers. The result is cached: most headers occur again."""
        if len(self._headers) > MOST_HEADERS:
            self._headers.clear()
        for pair in headers:
            if pair not in self._headers:
                self._headers[pair] = pair[0], self.text(self._header(*pair))
        return [self._headers[pair] for pair in headers]

    def _header(self, name: str, value: str) -> str:
        if not is_secret_name(name) or not value:
            return value
        if name.lower() in ("cookie", "set-cookie"):
            return _COOKIE.sub(
                partial(redact_match, self._redacted.of), value, count=int(name.lower() != "cookie")
            )
        scheme, space, key = value.partition(" ")
        if space and scheme.lower() in _SCHEMES:
            return f"{scheme} {self._redacted.of(key.strip())}"
        return self._redacted.of(value)

    def _query(self, query: str) -> str:
        return redact_query(query, self._redacted.of)

    def _pieces(self, exchange: Exchange, own: set[str]) -> Sequence[Piece]:
        units = list(self._units(exchange.body, own, is_stream=exchange.is_stream))
        return split_alike(exchange.pieces, units)

    def _bytes(self, data: bytes, own: set[str]) -> bytes:
        return b"".join(new for _, new in self._units(data, own, is_stream=False))

    def _units(self, data: bytes, own: set[str], *, is_stream: bool) -> Iterator[Unit]:
        """Scrub a body. Returns its parts before and after; those of a stream are its frames."""
        for part in frames_in(data) if is_stream else [data]:
            try:
                yield part, self._part(part, own)
            except UnicodeError:
                scrubbed = self.text(part.decode("latin-1"))
                yield part, scrubbed.encode("latin-1", errors="replace")

    def _part(self, part: bytes, own: set[str]) -> bytes:
        data = frame_data(part)
        if data is not None:
            return data_frame(self._body(data.decode(), own).encode())
        return self._body(part.decode(), own).encode()

    def _body(self, text: str, own: set[str]) -> str:
        found = parsed_json(text)
        if found is None:
            return self.text(redact_form(text, self._redacted.of))
        if not (own or self._is_suspicious(text) or holds_secret(found[0])):
            return text
        redactor = Redactor(self._redacted.of, partial(self._leaf, own), self._paths)
        return dumped(redactor.json(found[0]), found[1])

    def _is_suspicious(self, text: str) -> bool:
        """Return whether the texts in a JSON document must be checked."""
        return self._looks_at_all or may_hold_secrets(text) or self._redacted.are_in(text)

    def _leaf(self, own: set[str], text: str) -> str:
        return self._redacted.of(text) if text in own else self.text(text)


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of an option. Raises BadSettings if it is not a regular expression."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise BadSettings(f"{pattern!r} is not a regular expression: {error}") from error


def path_pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of a JSON path. `*` is any part, `..` any parts between.

    >>> bool(path_pattern("$..ssn").fullmatch("$.user[0].ssn"))
    True
    """
    rest = re.escape(path.removeprefix("$"))
    rest = rest.replace(r"\.\.", r"(?:\..*)?\.").replace(r"\*", r"[^.\[\]]+")
    return re.compile(rf"\${rest}")


def split_alike(pieces: Sequence[Piece], units: Iterable[Unit]) -> Sequence[Piece]:
    """Split a changed body where the original was split. `units` are its parts before and after."""
    changed = list(units)
    if all(old == new for old, new in changed):
        return pieces
    new_body = b"".join(new for _, new in changed)
    ends, end = [], 0
    for _, data in pieces:
        end += len(data)
        ends.append(_moved(end, changed))
    starts = [0, *ends[:-1]]
    return [
        (at, new_body[start:end]) for (at, _), start, end in zip(pieces, starts, ends, strict=True)
    ]


def _moved(place: int, units: Iterable[Unit]) -> int:
    """Return the position in the changed body of a position in the original one."""
    before = after = 0
    old = new = b""
    for old, new in units:
        if place <= before + len(old):
            break
        before, after = before + len(old), after + len(new)
    return after + _moved_within(place - before, old, new)


def _moved_within(place: int, old: bytes, new: bytes) -> int:
    if place == len(old):
        return len(new)
    same = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    return place if old == new or place <= same else max(len(new) - (len(old) - place), same)
