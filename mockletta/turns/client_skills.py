"""The skills of a client in the system prompt of its request: a tree of their folders [77]."""

from collections.abc import Iterator, Sequence
from posixpath import normpath

from mockletta.wire.message_requests import ClientSkill

FILE = "SKILL.md"
HERE = "."
"""Where skills are whose location names no folder that they are in."""


def system_for(system: str, override: str | None, skills: Sequence[ClientSkill] | None) -> str:
    """The system prompt of one request: its own, or the usual one with its skills."""
    if override is not None:
        return override
    return f"{system}\n\n{_section(skills)}" if skills else system


def _section(skills: Sequence[ClientSkill]) -> str:
    """A tree for each folder with skills, which are in alphabetical order and each there once."""
    folders: dict[str, dict[str, str]] = {}
    for skill in skills:
        folder, name = _place(skill)
        folders.setdefault(folder, {})[name] = skill.description
    lines = [line for folder in sorted(folders) for line in _tree(folder, folders[folder])]
    return "\n".join(["<available_skills>", *lines, "</available_skills>"])


def _place(skill: ClientSkill) -> tuple[str, str]:
    """The folder that holds a skill's own folder, and the name of that. A location names the
    skill's folder or the file in it."""
    location = normpath(skill.location).removesuffix(FILE).rstrip("/")
    folder, _, name = location.rpartition("/")
    return folder or ("/" if location.startswith("/") else HERE), name.strip(HERE) or skill.name


def _tree(folder: str, skills: dict[str, str]) -> Iterator[str]:
    yield folder
    for name in sorted(skills):
        is_last = name == max(skills)
        yield f"{'└' if is_last else '├'}── {name}/"
        yield f"{' ' if is_last else '│'}   └── {FILE} ({skills[name]})"
