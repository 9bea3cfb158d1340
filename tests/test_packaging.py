"""What is installed: one version, typed, with its data and its command."""

import tomllib
from importlib.metadata import entry_points, requires, version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import mockletta
from mockletta import pytest_plugin
from mockletta.cli import main

from .readme import ROOT, commands

Project = dict[str, Any]


@pytest.fixture(scope="module")
def project() -> Project:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_is_said_once_and_the_same_everywhere(project: Project) -> None:
    assert "version" not in project["project"]
    source = project["tool"]["setuptools"]["dynamic"]["version"]["attr"]
    assert source == "mockletta._version.__version__"
    assert version("mockletta") == mockletta.__version__
    assert mockletta.__version__ in CliRunner().invoke(main, ["--version"]).output


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in text.splitlines() if line.startswith("## "))
    assert newest.split()[1] == mockletta.__version__


def test_types_and_data_are_shipped(project: Project) -> None:
    patterns = project["tool"]["setuptools"]["package-data"]["mockletta"]
    package = ROOT / "mockletta"
    shipped = {file for pattern in patterns for file in package.glob(pattern)}
    others = {
        file for file in package.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"}
    }
    assert shipped == others
    assert Path(str(files("mockletta"))) / "py.typed" in shipped


def test_every_directory_of_the_package_is_a_package() -> None:
    directories = {file.parent for file in (ROOT / "mockletta").rglob("*.py")}
    assert all((directory / "__init__.py").exists() for directory in directories)


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="mockletta")
    assert command.load() is main


def test_the_pytest_plugin_is_installed() -> None:
    (plugin,) = entry_points(group="pytest11", name="mockletta")
    assert plugin.load() is pytest_plugin


def test_the_readme_and_the_licence_are_there(project: Project) -> None:
    assert (ROOT / project["project"]["readme"]).exists()
    assert project["project"]["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_readme_installs_this_directory_and_the_tested_sdk() -> None:
    installs = [one.source.split()[2:] for one in commands() if one.source.startswith("pip")]
    assert installs == [[".", "letta-client"]]
    assert any(one.startswith("letta-client==") for one in requires("mockletta") or [])


def test_the_package_lists_what_it_offers() -> None:
    assert {"Mock", "MockLetta", "Pace", "reply"} <= set(dir(mockletta))
