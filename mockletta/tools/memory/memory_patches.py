"""Unified diffs of a memory block's text. No recording shows one.

1. A hunk is located by its lines, not by the numbers after `@@`, which models get wrong.
2. A hunk that only adds lines adds them at the end.
"""

from collections.abc import Iterator


def apply_patch(text: str, patch: str) -> str:
    """Apply the hunks of a unified diff to `text`.

    Raises ValueError if a line is not part of a diff, or if the lines that a hunk replaces do not
    occur in the text exactly once.
    """
    lines = text.split("\n") if text else []
    hunks = list(_hunks(patch))
    if not any(line.startswith(("+", "-")) for hunk in hunks for line in hunk):
        raise ValueError("The patch changes nothing.")
    for hunk in hunks:
        lines = _patched(lines, hunk)
    return "\n".join(lines)


def _hunks(patch: str) -> Iterator[list[str]]:
    hunk: list[str] = []
    for line in _body(patch):
        if line.startswith("@@"):
            if hunk:
                yield hunk
            hunk = []
        elif line[:1] in " +-":
            hunk.append(line)
        elif not line.startswith("\\ No newline"):
            raise ValueError(
                f"Invalid patch line `{line}`: a line begins with a space, `-`, `+` or `@@`."
            )
    if hunk:
        yield hunk


def _body(patch: str) -> list[str]:
    lines = patch.strip("\n").split("\n")
    named = len(lines) > 1 and lines[0].startswith("--- ") and lines[1].startswith("+++ ")
    return lines[2:] if named else lines


def _patched(lines: list[str], hunk: list[str]) -> list[str]:
    old = [line[1:] for line in hunk if line[:1] in " -"]
    new = [line[1:] for line in hunk if line[:1] in " +"]
    if not old:
        return [*lines, *new]
    places = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
    wanted = "\n".join(old)
    if not places:
        raise ValueError(f"No patch was applied, `{wanted}` did not appear verbatim.")
    if len(places) > 1:
        numbers = [at + 1 for at in places]
        raise ValueError(
            f"No patch was applied. Multiple occurrences of `{wanted}` at lines {numbers}. "
            "Please add context to make it unique."
        )
    return [*lines[: places[0]], *new, *lines[places[0] + len(old) :]]
