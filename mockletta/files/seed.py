"""Seed files: the initial content of a world, validated by the models of the API's requests."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mockletta.documents.hints import did_you_mean, shown
from mockletta.documents.text_files import Path, UnreadableFile, read_text
from mockletta.documents.unknown_keys import UNKNOWN_KEY
from mockletta.documents.yaml_places import Document
from mockletta.errors import ApiError, BadSettings, RowNotFound
from mockletta.files.id_references import PREFIXES
from mockletta.files.seed_shapes import SeedFile
from mockletta.files.seeded_agents import add_agent, add_block
from mockletta.files.seeded_resources import (
    add_access_token,
    add_archive,
    add_folder,
    add_group,
    add_identity,
    add_machine,
    add_mcp_server,
    add_provider,
    add_template,
    add_tool,
    declare_model,
)
from mockletta.script.validation_problems import describe
from mockletta.state.garbage_collection import paused_garbage_collection
from mockletta.world.world import World

ADDED: Mapping[str, Callable[[World, Any], object]] = MappingProxyType(
    {
        "models": declare_model,
        "providers": add_provider,
        "tools": add_tool,
        "mcp_servers": add_mcp_server,
        "environments": add_machine,
        "blocks": add_block,
        "archives": add_archive,
        "folders": add_folder,
        "agents": add_agent,
        "identities": add_identity,
        "groups": add_group,
        "templates": add_template,
        "access_tokens": add_access_token,
    }
)
"""The lists of a seed file in the order in which they are added: each refers to earlier ones."""
OWN_KEYS = ADDED.keys()
ID_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        **PREFIXES,
        "memory_blocks": PREFIXES["blocks"],
        "step_id": PREFIXES["steps"],
        "agent_ids": PREFIXES["agents"],
        "archive_ids": PREFIXES["archives"],
        "block_ids": PREFIXES["blocks"],
        "folder_ids": PREFIXES["folders"],
        "tool_ids": PREFIXES["tools"],
    }
)
"""The prefix of the ids of rows, and of the fields that name rows."""
EXAMPLE_UUID = "00000000-0000-4000-8000-000000000001"


class BadSeed(BadSettings):
    """A seed file that cannot be loaded. The message has the file, the position and the reason."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}{': ' if place else ''}{reason}")


def seed_names() -> list[str]:
    """Return the names of the seed files in the package."""
    found = (entry.name for entry in (files("mockletta") / "data" / "seeds").iterdir())
    return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))


def find_seed(file: str) -> str:
    """Return the path of a seed file. A name without a path is a file of the package."""
    if not FilePath(file).exists() and file in seed_names():
        return str(files("mockletta") / "data" / "seeds" / f"{file}.yaml")
    return file


def load_seed(world: World, source: str | Mapping[str, object]) -> None:
    """Load a seed, a file or the content of one, into a world. Raises BadSeed if it is invalid; do
    not use the world then."""
    with paused_garbage_collection(lambda: len(world.store.messages)):
        file, document = _read(source)
        seed = _validated(file, document)
        for name, add in ADDED.items():
            for number, item in enumerate(getattr(seed, name)):
                with _place_named(file, document, (name, number)):
                    add(world, item)


def is_seed(file: str) -> bool:
    """Return whether a file has the keys of a seed, not those of a script. False if it is
    unreadable."""
    try:
        data = _read_file(file).data
    except BadSeed:
        return False
    keys = set(data) if isinstance(data, dict) else set()
    return not keys & {"replies", "faults", "otherwise"} and bool(keys & OWN_KEYS)


def _validated(file: str, document: "Document | SeedContent") -> SeedFile:
    try:
        return SeedFile.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        unknown = first.get("ctx", {}).get("at")
        path = first["loc"] if unknown is None else (*first["loc"], unknown)
        place = _place(document, path, of_key=unknown is not None)
        raise BadSeed(file, place, _reason(first)) from error


def _reason(error: ErrorDetails) -> str:
    """Describe what is wrong with a value of a seed."""
    if not error["loc"] and error["type"] != UNKNOWN_KEY:
        return "expected a mapping with `version`, `blocks` and `agents`"
    prefix = _prefix_of(error["loc"])
    if prefix is not None and isinstance(error["input"], str):
        return f"expected an id such as `{prefix}-{EXAMPLE_UUID}`, received {shown(error['input'])}"
    return describe(error)


def _prefix_of(path: Path) -> str | None:
    """Return the prefix of the ids at a path, such as `agents.0.id` or `agents.0.block_ids.1`."""
    names = [step for step in path if isinstance(step, str)]
    of_row = names[-1:] == ["id"] and len(names) > 1
    return ID_PREFIXES.get(names[-2] if of_row else names[-1]) if names else None


@contextmanager
def _place_named(file: str, document: "Document | SeedContent", path: Path) -> Iterator[None]:
    try:
        yield
    except RowNotFound as error:
        reason = (
            f"there is no {error.noun.lower()} {error.row_id}; the seed must have one with this id "
            "before the row that refers to it"
        )
        raise BadSeed(file, _place(document, path), reason) from error
    except ApiError as error:
        raise BadSeed(file, _place(document, path), str(error)) from error


class SeedContent:
    """The content of a seed in Python. Its values have no line or column."""

    def __init__(self, data: Mapping[str, object]) -> None:
        self.data: object = data

    def place(self, _path: Path, *, of_key: bool = False) -> None:  # noqa: ARG002 - see Document
        return None


def _read(source: str | Mapping[str, object]) -> "tuple[str, Document | SeedContent]":
    """Read a seed. Return also its name in messages."""
    if isinstance(source, str):
        return source, _read_file(source)
    return "seed", SeedContent(source)


def _read_file(file: str) -> Document:
    try:
        return Document(read_text(find_seed(file)), is_json=file.endswith(".json"))
    except UnreadableFile as error:
        at = error.place
        place = f"line {at.line}, column {at.column}" if at else ""
        near = "" if at else did_you_mean(file, seed_names())
        raise BadSeed(file, place, f"{error}{near}") from error


def _place(document: "Document | SeedContent", path: Path, *, of_key: bool = False) -> str:
    """Return line, column, and the path itself."""
    at = document.place(path, of_key=of_key)
    line = f"line {at.line}, column {at.column}, " if at else ""
    return f"{line}{'.'.join(map(str, path)) or 'the whole file'}"
