"""Fills in the repository before a release: `python -m deploy.index_page OWNER/mockletta`.

The index shows the README outside of the repository, so its links become absolute, and the project
gets its URLs. It changes both files in the working directory.
"""

import re
import sys
from pathlib import Path

HOST = "https://github.com"
PLACEHOLDER = "<owner>/mockletta"
RELATIVE = re.compile(r"\]\((?!https?:|#)([^)]+)\)")
BEFORE_URLS = "[project.optional-dependencies]"


def with_absolute_links(text: str, repository: str) -> str:
    """Return a page whose links lead to the repository."""
    place = f"{HOST}/{repository}/blob/main"
    return RELATIVE.sub(rf"]({place}/\1)", text).replace(PLACEHOLDER, repository)


def with_urls(project: str, repository: str) -> str:
    """Return a pyproject.toml that has the URLs of the project."""
    home = f"{HOST}/{repository}"
    urls = {
        "Homepage": home,
        "Documentation": f"{home}/blob/main/docs/README.md",
        "Changelog": f"{home}/blob/main/CHANGELOG.md",
        "Issues": f"{home}/issues",
    }
    lines = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
    return project.replace(BEFORE_URLS, f"[project.urls]\n{lines}\n{BEFORE_URLS}")


def fill_in(folder: Path, repository: str) -> None:
    """Change the README and the pyproject.toml of a checkout."""
    for name, change in {"README.md": with_absolute_links, "pyproject.toml": with_urls}.items():
        file = folder / name
        file.write_text(change(file.read_text("utf-8"), repository), "utf-8")


if __name__ == "__main__":
    fill_in(Path(), sys.argv[1])
