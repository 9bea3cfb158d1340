"""Parses forms into texts and files by name, and answers malformed ones.

Limits and messages are those of the framework of the recorded server. One differs: a body that ends
too early has its own error, where that framework reports a missing field.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from mockletta.errors import BadRequest
from mockletta.wire.folders import Upload

MOST_FIELDS = 1_000
LONGEST_FIELD = 1024 * 1024
"""The most bytes of a part that is not a file. Files are limited by the body only."""
MULTIPART = b"multipart/form-data"
URL_ENCODED = b"application/x-www-form-urlencoded"
LEFT_OUT = "…".encode()
Fields = list[tuple[str, str | Upload]]


def parse_form(raw: bytes, content_type: str | None) -> Fields:
    """Return the fields of a form in their order; none if the body is not a form.

    Raises BadRequest if the form is malformed.
    """
    kind, options = parse_options_header(content_type)
    if kind == URL_ENCODED:
        return _url_encoded(raw)
    if kind != MULTIPART:
        return []
    if b"boundary" not in options:
        raise BadRequest("Missing boundary in multipart.")
    return _multipart(raw, options[b"boundary"])


def form_document(raw: bytes, content_type: str | None) -> object:
    """Return the last field of each name as JSON values; the body's text if it is not a form."""
    try:
        fields = parse_form(raw, content_type)
    except BadRequest:
        fields = []
    if not fields:
        return raw.decode(errors="replace")
    return {name: _shown(value) for name, value in fields}


def replace_fields(
    raw: bytes, content_type: str | None, change: Callable[[str, bytes], bytes]
) -> bytes:
    """Return a form with the contents that `change` returns for the names and contents of its
    fields. The result is empty if the body is not a form, or if a field cannot be replaced."""
    try:
        fields = parse_form(raw, content_type)
    except BadRequest:
        return LEFT_OUT
    pairs = [
        (name, value.encode() if isinstance(value, str) else value.content)
        for name, value in fields
    ]
    changed = [(name, content, change(name, content)) for name, content in pairs]
    if parse_options_header(content_type)[0] == URL_ENCODED:
        return urlencode([(name, new) for name, _, new in changed]).encode()
    for _, old, new in changed:
        if old != new:
            before, after = b"\r\n\r\n%b\r\n--" % old, b"\r\n\r\n%b\r\n--" % new
            if before not in raw:
                return LEFT_OUT
            raw = raw.replace(before, after)
    return raw if fields else LEFT_OUT


def _shown(value: str | Upload) -> object:
    if isinstance(value, str):
        return value
    return {
        "filename": value.filename,
        "content_type": value.content_type,
        "size": len(value.content),
        "content": value.content.decode(errors="replace"),
    }


def _url_encoded(raw: bytes) -> Fields:
    text = raw.decode("latin-1")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise _too_many() from error
    return [
        (_text(name.encode("latin-1")), _text(value.encode("latin-1"))) for name, value in pairs
    ]


def _multipart(raw: bytes, boundary: bytes) -> Fields:
    parts = _FormParts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_field,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_part_data": parts.data,
                "on_end": parts.close,
            },
        )
        parser.write(raw)
    except FormParserError as error:
        raise BadRequest("Invalid multipart data.") from error
    if not parts.closed:
        raise BadRequest("Multipart data ends before its closing boundary.")
    return parts.fields()


class _FormParts:
    """Collects the headers and the content of each part from the parser."""

    def __init__(self) -> None:
        self.closed = False
        self._all: list[tuple[dict[bytes, bytes], list[bytes]]] = []
        self._name = self._value = b""

    def begin(self) -> None:
        if len(self._all) >= MOST_FIELDS:
            raise _too_many()
        self._all.append(({}, []))

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._all[-1][0][self._name.lower()] = self._value
        self._name = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        self._all[-1][1].append(data[start:end])

    def close(self) -> None:
        self.closed = True

    def fields(self) -> Fields:
        return [_field(headers, b"".join(pieces)) for headers, pieces in self._all]


def _field(headers: dict[bytes, bytes], content: bytes) -> tuple[str, str | Upload]:
    _, options = parse_options_header(headers.get(b"content-disposition"))
    if b"name" not in options:
        raise BadRequest('The Content-Disposition header field "name" must be provided.')
    name, filename = _text(options[b"name"]), options.get(b"filename")
    if filename is not None:
        kind = headers.get(b"content-type")
        return name, Upload(_text(filename), None if kind is None else _text(kind), content)
    if len(content) > LONGEST_FIELD:
        raise BadRequest(f"Part exceeded maximum size of {LONGEST_FIELD // 1024}KB.")
    return name, _text(content)


def _text(raw: bytes) -> str:
    """Decode a text without its NUL characters, as in JSON bodies."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\0", "")


def _too_many() -> BadRequest:
    return BadRequest(f"Too many fields. Maximum number of fields is {MOST_FIELDS}.")
