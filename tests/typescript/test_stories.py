"""What the TypeScript SDK makes of us: each story is told by Node, and is a test of its own.

Without Node or the SDK they are skipped, but not in CI: there the SDK has to be installed if there
is Node.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mockletta import MockLetta
from tests.environment import skip_unless
from tests.typescript.answers import answers, mistyped
from tests.typescript.telling import HERE, SDK_FOLDER, compiled, copied, lacking, names, told

STORIES = [
    pytest.param(name, id=f"{file}: {name}")
    for file, stories in names().items()
    for name in stories
]
is_newest = pytest.mark.skipif(SDK_FOLDER in os.environ, reason="the SDK is an older one")
needs_node = skip_unless(lacking() is None, str(lacking()))


class Telling(NamedTuple):
    """All stories, told once: where, to whom, what tsc said, and what came of each by name."""

    folder: Path
    url: str
    complaints: list[str]
    outcomes: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Telling]:
    folder = copied(tmp_path_factory.mktemp("typescript") / "stories")
    with MockLetta(tenancy="key") as mock:
        complaints = compiled(folder)
        yield Telling(folder, mock.base_url, complaints, told(folder, mock.base_url))


@needs_node
@pytest.mark.parametrize("name", STORIES)
def test_story(telling: Telling, name: str) -> None:
    outcome = telling.outcomes.get(name, {"error": "It was not told."})
    if "error" in outcome:
        pytest.fail(outcome["error"].replace(str(telling.folder), str(HERE)), pytrace=False)
    if "skip" in outcome:
        pytest.skip(outcome["skip"])


@is_newest
@needs_node
def test_the_stories_are_written_as_the_sdks_types_ask_for(telling: Telling) -> None:
    assert telling.complaints == []


@is_newest
@needs_node
def test_every_answer_has_the_type_that_the_sdk_declares(telling: Telling) -> None:
    given = answers(telling.url, telling.outcomes)
    assert "\n".join(mistyped(telling.folder, given)) == ""


@needs_node
def test_an_answer_of_another_type_would_be_noticed(telling: Telling) -> None:
    block = 'sdk.Body<sdk.Letta["blocks"]["retrieve"]>'
    [missing, unknown] = mistyped(
        telling.folder, [(block, {"id": "x"}), (block, {"id": "x", "value": "", "valeu": ""})]
    )
    assert "'value' is missing" in missing
    assert "'\"valeu\"' does not exist" in unknown


def test_every_story_is_found_and_has_a_name_of_its_own() -> None:
    for file, stories in names().items():
        source = (HERE / "stories" / f"{file}.ts").read_text(encoding="utf-8")
        assert source.count("\nstory(") == len(stories) > 0
    [(_, most)] = Counter(name for stories in names().values() for name in stories).most_common(1)
    assert most == 1
