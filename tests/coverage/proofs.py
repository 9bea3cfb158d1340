"""Which tests exercise which operations, read from the tests' source.

A test exercises an operation that it calls by the SDK's name, `client.blocks.list(...)`, or by its
path, `http.get("/v1/blocks/")`; itself, or by what of its own file it uses.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.coverage.sdk_requests import Request

ROOT = Path(__file__).parent.parent.parent
GENERATED = (
    "tests/contract/generated/test_generated_calls.py"
    "::test_a_method_takes_every_variant_of_every_parameter"
)
REFUSED = (
    "tests/contract/test_unimplemented.py"
    "::test_an_operation_that_is_not_imitated_says_so_whatever_it_is_sent"
)
DESCRIBED = "tests/described/test_answers.py::test_every_answer_is_as_it_is_described"
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
OF_FAILURES = (
    "refused",
    "not_found",
    "cannot",
    "unknown",
    "not_there",
    "asynchron",
    "async_client",
)


class Proofs:
    """The tests of each operation; the operations are known by name and by request."""

    def __init__(self, operations: dict[str, Request]) -> None:
        self._operations = operations.keys()
        self._of_request = {
            (method, blanked(path)): operation for operation, (method, path) in operations.items()
        }
        self._tests: dict[str, dict[str, int]] = defaultdict(dict)
        for file in sorted((ROOT / "tests" / "contract").glob("test_*.py")):
            self._read(file)

    def of(self, operation: str) -> list[str]:
        """The tests that exercise an operation: first those that are named after what it does, then
        those in its own file, those that are not about failures, and those that exercise the
        fewest others."""
        verb, own, found = operation.rpartition(".")[2], _file_of(operation), self._tests[operation]

        def rank(test: str) -> tuple[bool, bool, bool, int, str]:
            fails = any(word in test for word in OF_FAILURES)
            return verb not in test, own not in test, fails, found[test], test

        return sorted(found, key=rank)

    def _read(self, file: Path) -> None:
        parts = _parts_of(ast.parse(file.read_text(encoding="utf-8")))
        used = {name: set(self._used(part)) for name, part in parts.items()}
        for name, part in parts.items():
            if name.startswith("test_"):
                whole = [part, *(parts[other] for other in _names(part) & parts.keys())]
                exercised = {one for other in _names(part) & used.keys() for one in used[other]}
                exercised |= used[name] | set(self._sent(whole))
                for operation in exercised:
                    test = f"tests/contract/{file.name}::{name}"
                    self._tests[operation][test] = len(exercised)

    def _used(self, part: ast.AST) -> Iterator[str]:
        """The operations that are named."""
        for node in ast.walk(part):
            if isinstance(node, ast.Attribute):
                operation = ast.unparse(node).partition(".")[2]
                if operation in self._operations:
                    yield operation

    def _sent(self, parts: list[ast.AST]) -> Iterator[str]:
        """The operations whose paths are there, and their methods."""
        nodes = [node for part in parts for node in ast.walk(part)]
        texts = {_text(node) for node in nodes}
        verbs = {node.attr.upper() for node in nodes if isinstance(node, ast.Attribute)} | texts
        for text in texts:
            _, found, rest = text.partition("/v1/")
            path = blanked(found + rest.partition("?")[0])
            for method in METHODS & verbs:
                if (method, path) in self._of_request:
                    yield self._of_request[method, path]


def blanked(path: str) -> str:
    """A path without the names of its parameters and without its last slash."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def _file_of(operation: str) -> str:
    """The file that an operation's tests would be in: `agents.blocks.list` is in agent_blocks."""
    *namespaces, _ = operation.split(".")
    singular = [name.removesuffix("s") for name in namespaces[:-1]]
    return f"/test_{'_'.join([*singular, *namespaces[-1:]])}.py"


def _parts_of(tree: ast.Module) -> dict[str, ast.AST]:
    """What a file has at its top: its functions, and its constants."""
    parts: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            parts[ast.unparse(node).partition(" ")[0].rstrip(":")] = node
    return parts


def _names(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def _text(node: ast.AST) -> str:
    """A text that may have gaps, which are `{}`."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(parts):
            return "".join(_text(part) for part in parts)
        case ast.FormattedValue():
            return "{}"
    return ""
