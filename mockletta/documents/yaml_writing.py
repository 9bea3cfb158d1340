"""Writes YAML that is pleasant to edit."""

from collections.abc import Sequence
from typing import Any

import yaml

WIDTH = 100
_LITERAL = "tag:yaml.org,2002:str"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines unchanged, and indents lists within their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and text == text.strip() + "\n" * text.endswith("\n") else None
    return dumper.represent_scalar(_LITERAL, text, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(content: dict[str, Any], comments: Sequence[str]) -> str:
    """Return content as YAML, below some comments."""
    lines = [f"# {line}\n" for comment in comments for line in comment.splitlines()]
    dumped: str = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH
    )
    return "".join(lines) + dumped
