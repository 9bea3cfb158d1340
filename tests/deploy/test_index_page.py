"""What a release fills in: the project's URLs, and absolute links on the page of the index."""

import shutil
import tomllib
from pathlib import Path

from deploy.index_page import RELATIVE, fill_in
from tests.readme import ROOT


def test_the_index_page_and_the_project_lead_to_the_repository(tmp_path: Path) -> None:
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)

    fill_in(tmp_path, "acme/mockletta")

    page = (tmp_path / "README.md").read_text("utf-8")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    assert "(https://github.com/acme/mockletta/blob/main/docs/typescript.md)" in page
    assert "git+https://github.com/acme/mockletta" in page
    assert (RELATIVE.findall(page), "<owner>" in page) == ([], False)
    assert project["urls"]["Homepage"] == "https://github.com/acme/mockletta"
    assert "mcp" in project["optional-dependencies"]
