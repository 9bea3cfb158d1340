"""Loads script files, reports each problem with its position, and reloads them when they change."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self

from pydantic import ValidationError

from mockletta.documents.hints import Operations
from mockletta.documents.text_files import Place, UnreadableFile, read_text
from mockletta.errors import BadSettings
from mockletta.script.script_models import ScriptFile
from mockletta.script.unreachable_rules import impossible, shadowed
from mockletta.script.validation_problems import Problem, problems

if TYPE_CHECKING:
    from mockletta.documents.yaml_places import Document

MOST_FINDINGS = 50
logger = logging.getLogger("mockletta")
SECONDS_BETWEEN_LOOKS = 0.5
TEXT = "script"
"""The name in findings of a script that is not in a file."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """An error or a warning about a file.

    Line and column count from 1; they are None if there is no text, for example if the file does
    not exist.
    """

    file: str
    line: int | None
    column: int | None
    level: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}:" if self.line is not None else ""
        return f"{self.file}:{place} {self.level}: {self.message}"


class BadScript(BadSettings):
    """A script file cannot be loaded; `findings` has all problems."""

    def __init__(self, findings: list[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def load_script(file: str) -> ScriptFile:
    """Load a script. Raises BadScript with all problems."""
    return _loaded(file)[0]


def as_script(given: str | os.PathLike[str] | Mapping[str, object]) -> ScriptFile:
    """Load a script from a file, or validate the content of one. Raises BadSettings with all
    problems."""
    if not isinstance(given, Mapping):
        return load_script(os.fspath(given))
    try:
        return ScriptFile.model_validate(given)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one.path))}: {one.message}" for one in problems(error)]
        raise BadSettings(f"script: {'; '.join(found[:MOST_FINDINGS])}") from error


def parse_script(text: str) -> ScriptFile:
    """Parse the text of a script file. Raises BadScript with all problems."""
    return _parsed(TEXT, text)[0]


def check_script_text(text: str, operations: Operations | None = None) -> list[Diagnostic]:
    """Return all errors and warnings about the text of a script file."""
    return _checked(TEXT, partial(_parsed, TEXT, text, operations))


def check_script(file: str, operations: Operations | None = None) -> list[Diagnostic]:
    """Return all problems of a script; an empty list means that it is valid.

    The operations of its faults are checked only if `operations` is given.
    """
    return _checked(file, partial(_loaded, file, operations))


def _checked(file: str, load: "Callable[[], tuple[ScriptFile, Document]]") -> list[Diagnostic]:
    try:
        script, document = load()
    except BadScript as error:
        return error.findings
    return [
        _finding(file, document.place(("replies", later, "when")), "warning", why)
        for later, why in chain(impossible(script.replies), shadowed(script.replies))
    ]


def _loaded(file: str, operations: Operations | None = None) -> "tuple[ScriptFile, Document]":
    try:
        text = read_text(file)
    except UnreadableFile as error:
        raise BadScript([Diagnostic(file, None, None, "error", str(error))]) from error
    return _parsed(file, text, operations)


def _parsed(
    file: str, text: str, operations: Operations | None = None
) -> "tuple[ScriptFile, Document]":
    from mockletta.documents.yaml_places import Document  # noqa: PLC0415 - few servers read scripts

    try:
        document = Document(text, is_json=file.endswith(".json"))
    except UnreadableFile as error:
        raise BadScript([_finding(file, error.place, "error", str(error))]) from error
    try:
        return ScriptFile.model_validate(document.data, context=operations), document
    except ValidationError as error:
        found = list(problems(error))[:MOST_FINDINGS]
        raise BadScript([_found(file, document, one) for one in found]) from error


def _found(file: str, document: "Document", problem: Problem) -> Diagnostic:
    place = document.place(problem.path, of_key=problem.is_key)
    path = ".".join(map(str, place.path if place else ()))
    message = f"{path}: {problem.message}" if path else problem.message
    return _finding(file, place, "error", message)


def _finding(
    file: str, place: Place | None, level: Literal["error", "warning"], message: str
) -> Diagnostic:
    line, column = (place.line, place.column) if place else (1, 1)
    return Diagnostic(file, line, column, level, message)


def check_report(path: str, operations: Operations | None = None) -> tuple[str, int]:
    """Return the report on a script file and the exit code: 1 if it cannot be loaded."""
    findings = check_script(path, operations)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    counts = ", ".join(
        f"{number} {what}{'s' if number > 1 else ''}"
        for number, what in ((errors, "error"), (warnings, "warning"))
        if number
    )
    return "\n".join([*map(str, findings), f"{path}: {counts or 'no problems'}"]), int(errors > 0)


class Replaceable(Protocol):
    """Has rules from a file. Raises BadSettings for invalid rules, and then changes nothing."""

    def replace(self, file: ScriptFile) -> None: ...


class Reloader:
    """Checks a script's file regularly in a thread of its own, until it is stopped.

    `lock` is held during a change. Counts of rules and faults start at zero after it.
    """

    def __init__(
        self,
        path: str,
        script: Replaceable,
        *,
        lock: AbstractContextManager[object] | None = None,
        interval: float = SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._path = path
        self._script = script
        self._lock = lock or nullcontext()
        self._interval = interval
        self._seen = self._state()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mockletta-reload", daemon=True)

    def start(self) -> Self:
        """Start to check the file."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop checking the file."""
        self._stopped.set()
        self._thread.join()

    def check(self) -> bool:
        """Load the file if it has changed. Return whether there are new rules."""
        state = self._state()
        if state == self._seen:
            return False
        self._seen = state
        try:
            file = load_script(self._path)
            with self._lock:
                self._script.replace(file)
        except BadSettings as error:
            logger.error("%s\n%s: the old rules stay active", error, self._path)  # noqa: TRY400
            return False
        logger.info("%s: %s are active now", self._path, _described(file))
        return True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _watch(self) -> None:
        while not self._stopped.wait(self._interval):
            self.check()

    def _state(self) -> tuple[int, ...]:
        """Return a state that differs after a change of the file; None if there is no file."""
        try:
            found = Path(self._path).stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino


def _described(file: ScriptFile) -> str:
    rules = f"{len(file.replies)} rules"
    return f"{rules} and {len(file.faults)} faults" if file.faults else rules
