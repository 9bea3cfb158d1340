"""The table as it must be: `python -m tests.tables` writes it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from letta_client import __version__ as sdk_version

from mockletta.api.unimplemented import OPERATIONS
from mockletta.hosting.application import create_router
from tests.coverage.proofs import DESCRIBED, GENERATED, REFUSED, ROOT, Proofs
from tests.coverage.sdk_requests import sdk_requests

NAMESPACES = (
    "agents.groups",
    "agents.identities",
    "blocks.identities",
    "groups",
    "identities",
    "jobs",
    "projects",
)
"""Namespaces that only keep data: a turn goes the same way without it."""
FILE = ROOT / "mockletta" / "data" / "coverage.json"
Row = dict[str, Any]


def coverage() -> str:
    """The file's text. A test that proved an operation goes on to, as long as it does."""
    rows = list(_rows({row["operation"]: row["test"] for row in kept()}))
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    return f'{{"sdk": "{sdk_version}", "operations": [\n  {lines}\n]}}\n'


def kept() -> list[Row]:
    """The rows of the file as it is, which has one in a line: also when it is merged badly."""
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    return [json.loads(line.strip().rstrip(",")) for line in lines if '{"operation":' in line]


def _rows(known: Mapping[str, str]) -> Iterator[Row]:
    refused = {operation for _, _, operation in OPERATIONS}
    of_the_sdk = sdk_requests().keys()
    operations = create_router().endpoints
    proofs = Proofs(operations)
    for operation, (method, path) in sorted(operations.items()):
        if not operation.startswith("pages."):
            tests = proofs.of(operation) if operation not in refused else [REFUSED]
            tests.append(GENERATED if operation in of_the_sdk else DESCRIBED)
            yield {
                "operation": operation,
                "method": method,
                "path": path,
                "sdk": operation in of_the_sdk,
                "status": _status(operation, refused),
                "test": known[operation] if known.get(operation) in tests[:-1] else tests[0],
            }


def _status(operation: str, refused: set[str]) -> str:
    if operation in refused:
        return "501"
    is_data = any(operation.startswith(f"{namespace}.") for namespace in NAMESPACES)
    return "data only" if is_data else "behaves"
