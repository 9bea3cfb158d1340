"""`mockletta skill`: where the text for coding agents is."""

from pathlib import Path

import yaml

from tests.commands.running import run
from tests.readme import ROOT


def test_the_path_is_that_of_the_skill() -> None:
    path = Path(run("skill").output.strip())

    assert path.samefile(ROOT / "skills" / "mockletta" / "SKILL.md")


def test_its_front_matter_names_and_describes_it() -> None:
    text = Path(run("skill").output.strip()).read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])

    assert front["name"] == "mockletta"
    assert len(front["description"]) < 1024
