"""Kinds of values that only settings have: names of quirks, keys, times, files, brains."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from inspect import iscoroutinefunction
from urllib.parse import urlsplit

from mockletta.documents.hints import did_you_mean, hint, shown
from mockletta.documents.value_kinds import ValueKind
from mockletta.state.clock import NOW, moment_of
from mockletta.world.known_models import STRICT
from mockletta.world.pace import EXAMPLE, Pace
from mockletta.world.quirks import RECORDED, by_name

ANY_KEY = "any"
_HOST = re.compile(r"[\w.-]+|[\da-f]*:[\da-f]*:[\da-f:.]*")
_ORIGIN = re.compile(r"null|[a-z][a-z\d+.-]*://(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?")


class SourceKind(ValueKind):
    """A file, or in Python also its content."""

    metavar = "FILE"
    expected = "the path of a file, or its content as a mapping"

    def check(self, value: object) -> str | Mapping[str, object]:
        if isinstance(value, Mapping):
            return value
        if isinstance(value, str | os.PathLike) and (path := os.fspath(value)):
            return str(path)
        raise self.refused(value)


class PathKind(ValueKind):
    """The path of a file."""

    metavar = "FILE"
    expected = "the path of a file"

    def check(self, value: object) -> str:
        if isinstance(value, str | os.PathLike) and (path := os.fspath(value)):
            return str(path)
        raise self.refused(value)


class NamesKind(ValueKind):
    """Several names. Commas separate them in a text."""

    metavar = "NAMES"
    expected = "names: a list, or a text in which commas separate them"

    def check(self, value: object) -> Collection[str]:
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, Iterable) or isinstance(names, bytes | Mapping):
            raise self.refused(value)
        listed = list(names)
        if not all(isinstance(name, str) for name in listed):
            raise self.refused(value)
        found = tuple(filter(None, (name.strip() for name in listed)))
        for name in found:
            self.check_name(name)
        return found

    def check_name(self, name: str) -> None:
        """Raise ValueError for an unknown name."""


class QuirkNamesKind(NamesKind):
    """Names of quirks; `-NAME` removes one, `recorded` means all."""

    def check_name(self, name: str) -> None:
        known = {RECORDED, *by_name()}
        bare = name.removeprefix("-")
        if bare not in known:
            raise ValueError(f"unknown quirk {shown(bare)}{hint(bare, known)}")


class EntryNamesKind(NamesKind):
    """Names of entries of the default brain's table."""

    def check_name(self, name: str) -> None:
        from mockletta.default_brain import TABLE  # noqa: PLC0415 - rarely used

        known = [entry.name for entry in TABLE]
        if name not in known:
            raise ValueError(f"the default brain has no entry {shown(name)}{hint(name, known)}")


class ModelsKind(NamesKind):
    """Handles of models, and `strict`."""

    metavar = "HANDLES"

    def check_name(self, name: str) -> None:
        provider, _, model = name.partition("/")
        if name != STRICT and not (provider and model):
            raise ValueError(
                "expected handles such as `openai/gpt-4o`, or `strict`, received "
                f"{shown(name)}{did_you_mean(name, [STRICT])}"
            )


class HostsKind(NamesKind):
    """Hosts, without scheme, port and path."""

    metavar = "HOSTS"

    def check(self, value: object) -> frozenset[str]:
        return frozenset(host.lower() for host in super().check(value))

    def check_name(self, name: str) -> None:
        if _HOST.fullmatch(name.lower()) is None:
            raise ValueError(
                f"expected a host without scheme, port and path, received {shown(name)}"
            )


class HostPatternsKind(HostsKind):
    """Hosts, or patterns of them such as `*.example.com`."""

    def check_name(self, name: str) -> None:
        super().check_name(name.replace("*", "any").replace("?", "a"))


class McpHostsKind(HostsKind):
    """Hosts whose MCP servers are called, which requires the package `mcp`."""

    def check(self, value: object) -> frozenset[str]:
        hosts = super().check(value)
        if hosts and find_spec("mcp") is None:
            raise ValueError("requires the package `mcp`: pip install 'mockletta[mcp]'")
        return hosts


class OriginsKind(NamesKind):
    """Origins of web pages, as browsers send them."""

    metavar = "ORIGINS"

    def check(self, value: object) -> frozenset[str]:
        return frozenset(origin.lower() for origin in super().check(value))

    def check_name(self, name: str) -> None:
        if _ORIGIN.fullmatch(name.lower()) is None:
            raise ValueError(
                f"expected an origin such as `https://app.example.com`, or `null`, received "
                f"{shown(name)}"
            )


class MomentKind(ValueKind):
    """A time for a frozen clock."""

    metavar = "[TIME]"
    expected = "a time such as `2026-01-01T00:00:00Z`, a datetime, or `now`"

    def check(self, value: object) -> object:
        """Return the time as it was written: `now` is evaluated when the clock is created."""
        if isinstance(value, bool):
            return NOW if value else None
        moment_of(value)  # type: ignore[arg-type]
        return value


class KeysKind(ValueKind):
    """Keys, of which clients need one. The result is empty if any key is valid, and None if clients
    need no key."""

    metavar = "[KEYS]"
    expected = "`any`, or keys of printable ASCII characters"

    def check(self, value: object) -> tuple[str, ...] | None:
        if isinstance(value, bool):
            return () if value else None
        listed = value.split(",") if isinstance(value, str) else value
        if not isinstance(listed, list | tuple | set | frozenset):
            raise self.refused(value)
        keys = tuple(key.strip() if isinstance(key, str) else "" for key in listed)
        keys = keys[:-1] if len(keys) > 1 and not keys[-1] else keys
        if not keys or not all(fits_a_header(key) for key in keys):
            raise self.refused(value)
        return () if ANY_KEY in keys else keys


class TokenKind(ValueKind):
    """A text that is valid in a header."""

    expected = "printable ASCII characters without spaces at the ends"

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not fits_a_header(value):
            raise self.refused(value)
        return value


@dataclass(frozen=True)
class PaceKind(ValueKind):
    """A pace, or a line that spells one."""

    metavar = "PACE"
    expected = f"a Pace, or a text such as `{EXAMPLE}`"

    def check(self, value: object) -> Pace:
        if isinstance(value, Pace):
            return value
        if not isinstance(value, str):
            raise self.refused(value)
        return Pace.parse(value)


class BrainKind(ValueKind):
    """A brain: a URL, a function, or an object."""

    metavar = "URL"
    expected = (
        "a URL that begins with http:// or https://, a function from a turn to its reply, or an "
        "object with a method `decide`"
    )

    def check(self, value: object) -> object:
        if isinstance(value, str):
            if not _is_url(value):
                raise self.refused(value)
        elif iscoroutinefunction(getattr(value, "decide", None)):
            raise ValueError(
                "expected a method `decide` without `async`; a brain that is awaited has an `async "
                "def consult` too"
            )
        elif not hasattr(value, "decide"):
            self._check_function(value)
        return value

    def _check_function(self, value: object) -> None:
        from mockletta.script.user_code import is_async  # noqa: PLC0415 - few brains are functions

        if not callable(value):
            raise self.refused(value)
        if is_async(value):
            raise ValueError(
                "expected a function without `async`; `mockletta.async_brain(function)` makes a "
                "brain that awaits one"
            )


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def fits_a_header(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable() and value.strip() == value
