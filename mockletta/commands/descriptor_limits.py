"""How many connections a server may hold."""

from contextlib import suppress

MANY_FILES = 65_536


def allow_many_files() -> None:
    """Let this process and its children open as many files as they may, up to MANY_FILES.

    Each connection is a file, and where 256 or 1,024 are the default a load test would come to an
    end there: connections over that are not accepted, and nobody says why.
    """
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit  # noqa: PLC0415

        soft, hard = getrlimit(RLIMIT_NOFILE)
        most = MANY_FILES if hard == RLIM_INFINITY else min(hard, MANY_FILES)
        if soft != RLIM_INFINITY and soft < most:
            setrlimit(RLIMIT_NOFILE, (most, hard))
