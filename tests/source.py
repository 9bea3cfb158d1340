"""The project's Python files as the architecture tests read them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = "mockletta"
DATA = ROOT / PACKAGE / "data"


@dataclass(frozen=True)
class Module:
    """One file of the package. Its room is its directory, or itself at the top."""

    name: str
    file: Path

    @property
    def room(self) -> str:
        return self.name.split(".")[1] if "." in self.name else "__init__"

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.file.read_text(encoding="utf-8"))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def imports(self) -> Iterator[str]:
        """Find each module imported, by its full name, wherever in the file it is."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from self._imported_from(node)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def _imported_from(self, node: ast.ImportFrom) -> Iterator[str]:
        assert node.module is not None
        assert node.level == 0, f"{self.name} imports relatively"
        directory = ROOT / node.module.replace(".", "/")
        submodules = {file.stem for file in directory.glob("*.py")}
        for alias in node.names:
            yield f"{node.module}.{alias.name}" if alias.name in submodules else node.module


@cache
def modules() -> list[Module]:
    """Find all files of the package."""
    return [Module(_name(file), file) for file in sorted((ROOT / PACKAGE).rglob("*.py"))]


def python_files() -> list[Path]:
    """Find all Python files of the project, the package's and the others."""
    directories = (PACKAGE, "tests", "bench")
    return [file for name in directories for file in sorted((ROOT / name).rglob("*.py"))]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
