"""A difference from a recording that is on purpose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from mockletta.recordings.drift.value_comparison import AnswerDifference


@dataclass(frozen=True, slots=True)
class Deviation:
    """Excuses differences of the exchanges matching `exchange` (a glob) in the file `file`.

    With a `status`, exactly that status must be answered instead of the recorded one; else the
    differences whose path matches one of `paths` are excused. With `skip`, it is not even sent:
    what our answer would leave behind changes every exchange that follows. A kind of deviation is
    known by what was recorded: `expected` and `got` are patterns found in the two values.
    """

    file: str
    exchange: str
    reason: str
    status: int | None = None
    paths: tuple[str, ...] = ("*",)
    skip: bool = False
    expected: str = ""
    got: str = ""

    def covers(self, file: str, exchange: str) -> bool:
        """Whether this entry is about that exchange."""
        return file.startswith(self.file) and fnmatchcase(exchange, self.exchange)

    def excuses(self, difference: AnswerDifference, status: int) -> bool:
        """Whether that difference, in an answer of that status, is on purpose."""
        if self.status is not None:
            return status == self.status and difference.path == "status"
        return (
            any(fnmatchcase(difference.path, one) for one in self.paths)
            and re.search(self.expected, str(difference.expected)) is not None
            and re.search(self.got, str(difference.got)) is not None
        )


def covering(file: str, exchange: str, entries: Sequence[Deviation]) -> list[Deviation]:
    """Find the entries about one exchange."""
    return [one for one in entries if one.covers(file, exchange)]
