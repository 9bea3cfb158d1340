"""Pages of documentation as tests read them: fenced blocks, and what each is said to print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"(?:#|//) ([\w./-]+\.\w+)\n")
OUTPUT = "text"


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block. `printed` is the block of output after it; `...` stands for anything."""

    language: str
    source: str
    line: int
    printed: str | None = None

    @property
    def file(self) -> str | None:
        """The file that the block is the text of, where its first line is a comment with a name."""
        named = NAMED.match(self.source)
        return named[1] if named else None

    def is_answered_by(self, output: str) -> bool:
        """Tell whether an output is what the page shows, where it shows one."""
        if self.printed is None:
            return True
        pattern = re.escape(self.printed.strip()).replace(re.escape("..."), ".*?")
        return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def examples(*languages: str, page: Path = README) -> list[Example]:
    """Find a page's examples in these languages, or in any, in their order."""
    return [one for one in _examples(page) if one.language in languages or not languages]


def commands(page: Path = README) -> list[Example]:
    """Find each command of a page's shell examples."""
    return [command for block in examples("sh", page=page) for command in lines_of(block)]


def lines_of(block: Example) -> list[Example]:
    """Split a shell example into its commands; a block with output is one command."""
    lines = block.source.replace("\\\n", "").splitlines()
    return [Example("sh", line, block.line, block.printed) for line in lines]


def _examples(page: Path) -> Iterator[Example]:
    text = page.read_text(encoding="utf-8")
    found = list(FENCED.finditer(text))
    for place, block in enumerate(found, 1):
        following = found[place] if place < len(found) else None
        if block[1] != OUTPUT:
            printed = following[2] if following and following[1] == OUTPUT else None
            yield Example(block[1], block[2], text.count("\n", 0, block.start()) + 2, printed)
