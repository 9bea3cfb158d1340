"""The Dockerfile's steps, each held up without an engine."""

from fnmatch import fnmatch
from pathlib import Path

from mockletta.settings.settings import DEFAULT_PORT

from .dockerfile import entrypoint, health_check, instructions, is_accepted
from .readme import ROOT, commands


def test_both_stages_begin_with_the_same_small_python() -> None:
    assert {stage.split()[0] for stage in instructions("FROM")} == {"python:${PYTHON}-slim"}
    assert instructions("ARG") == ["PYTHON=3.11"]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    sources = [
        source
        for copied in instructions("COPY")
        if not copied.startswith("--from")
        for source in copied.split()[:-1]
    ]
    assert "*" in ignored
    assert all((ROOT / source).exists() for source in sources)
    assert all(any(fnmatch(Path(source).name, one) for one in allowed) for source in sources)


def test_what_is_installed_is_what_is_copied_from_the_build() -> None:
    venv = instructions("RUN")[0].split()[-1]
    assert instructions("RUN") == [
        f"python -m venv --without-pip {venv}",
        f"pip --python {venv}/bin/python install --no-cache-dir .",
    ]
    assert f"--from=build {venv} {venv}" in instructions("COPY")
    assert f"PATH={venv}/bin:$PATH" in instructions("ENV")[0]


def test_it_runs_without_privileges_and_writes_nothing() -> None:
    user = instructions("USER")[-1].split(":")[0]
    assert int(user) > 0
    assert "PYTHONDONTWRITEBYTECODE=1" in instructions("ENV")[0]


def test_the_entrypoint_is_a_command_of_ours_on_every_address() -> None:
    assert entrypoint()[-2:] == ["--host", "0.0.0.0"]
    assert is_accepted(entrypoint())


def test_the_options_on_the_container_page_follow_the_entrypoint() -> None:
    page = commands(ROOT / "docs" / "container.md")
    runs = [one.source.split() for one in page if one.source.startswith("docker run")]
    given = [words[words.index("mockletta") + 1 :] for words in runs]
    assert any(given)
    assert all(is_accepted([*entrypoint(), *words]) for words in given)


def test_the_port_is_the_default_one() -> None:
    assert instructions("EXPOSE") == [str(DEFAULT_PORT)]


def test_the_health_check_is_a_command_of_ours() -> None:
    assert health_check() == ["mockletta", "health"]
    assert is_accepted(health_check())
