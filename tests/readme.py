"""The README as tests read it: its fenced blocks, and what it says each of them prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OUTPUT = "text"


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block. `printed` is the block of output after it; `...` stands for anything."""

    language: str
    source: str
    line: int
    printed: str | None = None

    def is_answered_by(self, output: str) -> bool:
        """Tell whether an output is what the README shows, where it shows one."""
        if self.printed is None:
            return True
        pattern = re.escape(self.printed.strip()).replace(re.escape("..."), ".*?")
        return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def examples(*languages: str) -> list[Example]:
    """Find the README's examples in these languages, or in any, in their order."""
    return [one for one in _examples() if one.language in languages or not languages]


def commands() -> list[Example]:
    """Find each command of the shell examples; a block with output is one command."""
    return [
        Example("sh", line, block.line, block.printed)
        for block in examples("sh")
        for line in block.source.replace("\\\n", "").splitlines()
    ]


def _examples() -> Iterator[Example]:
    text = README.read_text(encoding="utf-8")
    found = list(FENCED.finditer(text))
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block[1] != OUTPUT:
            printed = following[2] if following and following[1] == OUTPUT else None
            yield Example(block[1], block[2], text.count("\n", 0, block.start()) + 2, printed)
