"""A field is spelled in its models and nowhere else."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import copytree, ignore_patterns

from tests.source import PACKAGE, ROOT

MODELS = {
    "agents": ("AgentFields", "AgentState"),
    "archives": ("CreateArchive", "UpdateArchive", "Archive"),
    "conversations": ("ConversationFields", "Conversation"),
    "folders": ("FolderFields", "Folder", "Source"),
    "groups": ("CreateGroup", "UpdateGroup", "Group"),
    "identities": ("SaveIdentity", "UpdateIdentity", "Identity"),
    "memory": ("UpdateBlock", "Block"),
    "providers": ("CreateProvider", "UpdateProvider", "Provider"),
    "tool_requests": ("CreateTool", "UpdateTool"),
    "tools": ("Tool",),
}
"""By the file in wire/: the models of requests, and of the row."""
FIELD = "    colour: str | None = None\n"
ROUND_TRIP = ["red", "red", "blue", "blue"]


def with_field(source: str, models: Iterable[str]) -> str:
    """Return the source of models with one more field at the end of each."""
    lines = source.splitlines(keepends=True)
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    for found in reversed([one for one in classes if one.name in models]):
        lines.insert(found.end_lineno or 0, FIELD)
    return "".join(lines)


def test_a_field_added_to_its_models_makes_every_round_trip(tmp_path: Path) -> None:
    copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=ignore_patterns("__pycache__"))
    for name, models in MODELS.items():
        file = tmp_path / PACKAGE / "wire" / f"{name}.py"
        file.write_text(with_field(file.read_text("utf-8"), models), encoding="utf-8")

    script = Path(__file__).with_name("round_trips.py")
    told = subprocess.check_output(
        [sys.executable, str(script), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        text=True,
    )

    found = json.loads(told)
    assert found.pop("seeds") == [["red"]] * 3
    assert found.pop("seeds of conversations") == ["red"]
    assert found.pop("snapshot") is True
    assert found == dict.fromkeys(found, ROUND_TRIP)
