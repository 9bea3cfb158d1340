"""The lines of a snapshot file: JSON objects, each with its number in the file and a checksum.

The header, which is line 1, has neither. In a state file it has the number of changes, in a place
of fixed width that is overwritten after each change.
"""

import re
from zlib import crc32

from mockletta.files.snapshot_file_entries import VERSION, DamagedEntry

COUNTER_WIDTH = 15
_START = b'{"mockletta":"world","version":%d,"changes":' % VERSION
COUNTER_AT = len(_START)
"""The offset of the number of changes in a file."""
_NUMBERED = re.compile(rb'\{"n":(\d{1,15}),"crc":"([0-9a-f]{8})",')


def header_line(changes: int = 0) -> bytes:
    """Return the first line of a file."""
    return b"%b%b}\n" % (_START, counter(changes))


def counter(changes: int) -> bytes:
    """Return the number of changes in its form in the header."""
    return b"%*d" % (COUNTER_WIDTH, changes)


def numbered_line(number: int, entry: bytes) -> bytes:
    """Return an entry, which is a JSON object, as the line with this number."""
    rest = entry[1:]
    return b'{"n":%d,"crc":"%08x",%b\n' % (number, crc32(rest, number), rest)


def entry_of(number: int, line: bytes) -> bytes:
    """Return the entry in a line without its end. Raises DamagedEntry if it is another line, or if
    it was changed."""
    match = _NUMBERED.match(line)
    if match is None:
        raise DamagedEntry("it has no line number and checksum")
    stated, rest = int(match[1]), line[match.end() :]
    if int(match[2], 16) != crc32(rest, stated):
        raise DamagedEntry("its checksum differs: it was changed")
    if stated != number:
        raise DamagedEntry(f"it was written as line {stated}: lines were removed or moved")
    return b"{" + rest


def stated_number(line: bytes) -> int | None:
    """Return the number of an undamaged line; None if it is damaged or has no number."""
    match = _NUMBERED.match(line)
    rest = line.rstrip(b"\n")[match.end() :] if match else b""
    is_sound = match is not None and int(match[2], 16) == crc32(rest, int(match[1]))
    return int(match[1]) if match is not None and is_sound else None
