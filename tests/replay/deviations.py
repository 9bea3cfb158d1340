"""Where mockletta differs from the recorded server on purpose, one entry each.

An entry that no longer excuses a difference fails the replay of its file, so the list stays true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .comparison import Difference


@dataclass(frozen=True, slots=True)
class Deviation:
    """Excuses differences of the exchanges matching `exchange` (a glob) in the file `file`.

    With a `status`, exactly that status must be answered instead of the recorded one; else the
    differences whose path matches one of `paths` are excused.
    """

    file: str
    exchange: str
    reason: str
    status: int | None = None
    paths: tuple[str, ...] = ("*",)

    def covers(self, file: str, exchange: str) -> bool:
        """Whether this entry speaks of that exchange."""
        return file.startswith(self.file) and fnmatchcase(exchange, self.exchange)

    def excuses(self, difference: Difference, status: int) -> bool:
        """Whether that difference, in an answer of that status, is on purpose."""
        if self.status is not None:
            return status == self.status and difference.path == "status"
        return any(fnmatchcase(difference.path, one) for one in self.paths)


ABSURD_LIMIT = "an absurd limit broke the database; we validate it"
UNHANDLED = "an unhandled exception of the recorded server"
SQL = "the recorded error quotes SQL"
BY_TIME = "compaction renumbered positions so that lists interleave; we list by creation"
ROW_LEFT = "a refused create left its row behind"

DEVIATIONS: Sequence[Deviation] = (
    Deviation("01", "list after unknown label", ROW_LEFT),
    Deviation("02", "limit -1", ABSURD_LIMIT, status=422),
    Deviation("02", "limit beyond int64", ABSURD_LIMIT, status=422),
    Deviation(
        "02",
        "order_by last_message_at desc after a null one",
        "ties are sorted by random ids: which rows follow is chance",
    ),
    Deviation("06", "after compact*messages asc", BY_TIME),
    Deviation("14", "reasoning content", UNHANDLED, status=400),
    Deviation("17", "limit -1", ABSURD_LIMIT, status=422),
    Deviation("17", "limit beyond int64", ABSURD_LIMIT, status=422),
    Deviation("17", "agents list limit -1", ABSURD_LIMIT, status=422),
    Deviation("21", "batch_size 0", UNHANDLED, status=422),
    Deviation("21", "runs/{id}/stream no body", UNHANDLED, status=200),
    Deviation("40", "runs delete unknown id", UNHANDLED, status=404),
    Deviation("40", "runs delete malformed id", UNHANDLED, status=400),
    Deviation("41", "lone surrogate", UNHANDLED, status=400),
    Deviation("42", "name with slash", UNHANDLED, status=400),
    Deviation("42", "name with odd characters", UNHANDLED, status=400),
    Deviation("42", "timezone odd", UNHANDLED, status=422),
    Deviation("42", "*_ids unknown", SQL, paths=("$.detail",)),
    Deviation("46", "messages include_compaction=*", BY_TIME, paths=("$.order", "$[[]*")),
    Deviation("51", "limit -1", ABSURD_LIMIT, status=422),
    Deviation("54", "limit huge", ABSURD_LIMIT, status=422),
    Deviation("54", "list limit -1", ABSURD_LIMIT, status=422),
    Deviation("55", "rename to an existing label", SQL, paths=("$.detail",)),
    Deviation("55", "attach same label", SQL, paths=("$.detail",)),
    Deviation("60", "delete *", UNHANDLED),
    Deviation("60", "retrieve deleted run", "a run can be deleted", status=404),
    Deviation("60", "steps list*", "GET /v1/steps/ was always a 400", status=200),
)


def covering(file: str, exchange: str, entries: Sequence[Deviation]) -> list[Deviation]:
    """Find the entries about one exchange."""
    return [one for one in entries if one.covers(file, exchange)]
