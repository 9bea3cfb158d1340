"""What the site of the documentation needs besides the pages: links to files beside docs/."""

import re
from typing import Any

OUTSIDE = re.compile(r"\]\(\.\./([^)]+)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:  # noqa: ANN401 - what mkdocs passes
    """Show links to files of the repository as their names: the site does not have the files."""
    return OUTSIDE.sub(r"](# '\1')", markdown)
