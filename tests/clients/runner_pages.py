"""The examples of the pages about TypeScript, and the bot, as files of a project."""

import shutil
from pathlib import Path

from tests.clients.node_project import PACKAGE, ROOT
from tests.readme import README, Example, examples

PAGES = {
    "readme": README,
    "docs": ROOT / "docs" / "typescript.md",
    "package": PACKAGE / "README.md",
}
BOT = ROOT / "examples" / "typescript-bot"
MODULE = '{"type": "module"}'
TSCONFIG = """
{
  "compilerOptions": {
    "lib": ["es2023", "esnext.disposable", "dom", "dom.asynciterable"],
    "module": "nodenext",
    "noUncheckedIndexedAccess": true,
    "outDir": "compiled",
    "skipLibCheck": true,
    "strict": true,
    "target": "es2022",
    "types": ["node"]
  },
  "include": ["."]
}
"""


def write_pages(folder: Path, *suffixes: str) -> list[tuple[Path, Example]]:
    """Write the examples of all pages whose file names end so, a folder for each page."""
    written = []
    for name, page in PAGES.items():
        for example in examples("js", "ts", page=page):
            assert example.file is not None, f"{page} line {example.line} has no file name"
            file = folder / name / example.file
            if example.file.endswith(suffixes):
                file.parent.mkdir(exist_ok=True)
                file.write_text(example.source, encoding="utf-8")
                written.append((file, example))
    return written


def write_bot(folder: Path) -> None:
    """Copy the bot."""
    shutil.copytree(BOT, folder / "bot", ignore=shutil.ignore_patterns("node_modules", "dist"))
