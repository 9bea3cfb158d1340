"""Every example of the pages about TypeScript compiles, and runs in its runner."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.node_project import PACKAGE, ROOT, node, run
from tests.readme import README, Example, examples

PAGES = {
    "readme": README,
    "docs": ROOT / "docs" / "typescript.md",
    "package": PACKAGE / "README.md",
}
TSCONFIG = """
{
  "compilerOptions": {
    "lib": ["es2023", "esnext.disposable", "dom", "dom.asynciterable"],
    "module": "nodenext",
    "skipLibCheck": true,
    "strict": true,
    "target": "es2022",
    "types": ["node"]
  },
  "include": ["."]
}
"""
Project = Callable[..., Path]


def of_node(page: Path) -> list[Example]:
    """The examples of a page that are for Node."""
    return examples("js", "ts", page=page)


@pytest.fixture
def pages(project: Project) -> Path:
    """A project with a folder for each page, in which its examples are files."""
    folder = project(tsconfig__json=TSCONFIG, package__json='{"type": "module"}')
    for name, page in PAGES.items():
        for example in of_node(page):
            assert example.file is not None, f"{page} line {example.line} has no file name"
            file = folder / name / example.file
            file.parent.mkdir(exist_ok=True)
            file.write_text(example.source, encoding="utf-8")
        (folder / name / "package.json").write_text('{"type": "module"}')
    return folder


def test_every_example_runs(pages: Path) -> None:
    node(pages, "typescript/bin/tsc", "--outDir", "compiled")
    options = ["--config", "docs/vitest.config.ts", "--root", "."]
    files = list(pages.glob("[!c]*/*.test.ts"))
    told = node(pages, "vitest/vitest.mjs", "run", ".test.ts", *options)
    assert f"Test Files  {len(files)} passed" in told
    for name, page in PAGES.items():
        _run_others(pages / name, of_node(page))


def _run_others(folder: Path, found: list[Example]) -> None:
    names = {str(one.file): one for one in found}
    (folder / "node_modules").symlink_to(folder.parent / "node_modules")
    if "jest.config.js" in names:
        (folder / "package.json").write_text("{}")
        node(folder, "jest/bin/jest.js", "--testMatch", "**/*.jest.js")
    if any(name.endswith(".test.mjs") for name in names):
        run(folder, "node", "--test", *(name for name in names if name.endswith(".test.mjs")))
    if "playwright.config.ts" in names:
        node(folder, "@playwright/test/cli.js", "test")
    if "tour.ts" in names:
        output = run(folder.parent, "node", f"compiled/{folder.name}/tour.js")
        assert names["tour.ts"].is_answered_by(output), output
