"""Requests with their answers, captured from mockletta and replayed by the bare app."""

import base64
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.http1 import request_bytes

ADDED_BY_THE_SERVER = frozenset({"date", "server", "transfer-encoding", "connection"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request; the path can have a query."""

    method: str
    path: str
    body: object = None

    def encode(self) -> bytes:
        """Return the bytes for the socket."""
        return request_bytes(self.method, self.path, self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, without the headers that uvicorn adds."""

    method: str
    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def save(self, file: Path) -> None:
        """Write the answer to a file, for `load_answer` in another process."""
        encoded = asdict(self) | {"body": base64.b64encode(self.body).decode()}
        file.write_text(json.dumps(encoded))


def load_answer(file: Path) -> Answer:
    """Read a file of `Answer.save`."""
    fields = json.loads(file.read_text())
    headers = [(name, value) for name, value in fields.pop("headers")]
    return Answer(**fields | {"headers": headers, "body": base64.b64decode(fields["body"])})
