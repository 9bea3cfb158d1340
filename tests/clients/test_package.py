"""The TypeScript package: what is in it, its types, and its own tests."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import mockletta
from mockletta import MockLetta
from tests.clients.node_project import PACKAGE, node

PUBLIC = {"global-setup", "index", "jest", "playwright", "vitest"}


def test_the_package_has_the_version_of_the_server_and_needs_nothing_else() -> None:
    package = json.loads((PACKAGE / "package.json").read_text())
    assert package["version"] == mockletta.__version__
    assert "dependencies" not in package
    assert package["peerDependencies"].keys() == package["peerDependenciesMeta"].keys()


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (PACKAGE / "package-lock.json").read_text()


def test_the_archive_has_both_formats_with_their_types_and_nothing_else(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        files = {name.removeprefix("package/") for name in tar.getnames()}
    names = {file.stem for file in (PACKAGE / "src").glob("*.ts")}
    built = {
        f"dist/{form}/{name}{suffix}"
        for form in ("cjs", "esm")
        for name in names
        for suffix in (".js", ".d.ts")
    }
    others = {"LICENSE", "README.md", "package.json", "dist/cjs/package.json"}
    assert files == built | others
    assert names > PUBLIC


def test_the_archive_is_fit_for_every_way_of_importing(archive: Path) -> None:
    node(PACKAGE, "publint/src/cli.js", str(archive), "--strict")
    node(PACKAGE, "@arethetypeswrong/cli/dist/index.js", str(archive))


def test_what_the_types_refuse_is_refused(archive: Path) -> None:
    node(PACKAGE, "typescript/bin/tsc", "--project", "test")


def test_the_tests_of_the_package_pass(archive: Path) -> None:
    node(PACKAGE, "vitest/vitest.mjs", "run", "--reporter=dot")


def test_it_is_imported_and_required(project: Callable[..., Path]) -> None:
    folder = project(
        one__mjs="import { mockletta } from 'mockletta'; await (await mockletta()).close();",
        two__cjs="require('mockletta').mockletta().then((mock) => mock.close());",
    )
    with MockLetta(tenancy="key") as mock:
        node(folder, "../one.mjs", MOCKLETTA_URL=mock.base_url)
        node(folder, "../two.cjs", MOCKLETTA_URL=mock.base_url)
