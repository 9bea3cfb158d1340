"""Tests of an app in each runner: the examples of the pages pass, failing tests show what happened.

Each runner is started once, since that takes seconds.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.clients.node_project import PACKAGE, node, run
from tests.clients.runner_pages import BOT, MODULE, TSCONFIG, write_bot, write_pages

Project = Callable[..., Path]
BODY = """
  await mock.when("hello").say("Hi!");
  await mock.faults.add("agents.list", { status: 429 });
  const agent = await letta.agents.create({ name: "Ada", model: "openai/gpt-4o-mini" });
  await letta.agents.messages.create(agent.id, { input: "hello" });
"""
WRONG = BODY + '  throw new Error("wrong");\n'
FIXTURES = f"""
import {{ test }} from "mockletta/RUNNER";
test("unmet", async ({{ mock, letta }}) => {{{BODY}}});
test("wrong", async ({{ mock, letta }}) => {{{WRONG}}});
test("skipped", async ({{ mock, lettaGIVEN }}) => {{{BODY}  SKIP(); }});
"""
NODE_TEST = f"""
import test from "node:test";
import {{ withMock }} from "mockletta";
test("unmet", withMock(async ({{ mock, letta }}) => {{{BODY}}}));
test("wrong", withMock({{ relaxed: true }}, async ({{ mock, letta }}) => {{{WRONG}}}));
test("relaxed", withMock({{ relaxed: true }}, async ({{ mock, letta }}) => {{{BODY}}}));
"""
JEST = f"""
const {{ test }} = require("mockletta/jest");
test("unmet", async ({{ mock, letta }}) => {{{BODY}}});
test("wrong", async ({{ mock, letta }}) => {{{WRONG}}});
test("relaxed", async ({{ mock, letta }}) => {{{BODY}
  expect(letta).toBeInstanceOf(require("@letta-ai/letta-client").Letta);
}}, {{ relaxed: true }});
test.skip("skipped", async () => {{}});
"""


def fixtures(runner: str, *, given: str, skip: str) -> str:
    """Tests with the fixtures of a runner: one leaves a fault unused, one fails, one is skipped."""
    return FIXTURES.replace("RUNNER", runner).replace("GIVEN", given).replace("SKIP", skip)


def shows_what_happened(output: str) -> None:
    """Check that a run shows the unmet fault, the failure, the requests and the conversation."""
    assert "left expectations unmet" in output
    assert "'on': 'agents.list'" in output or "on='agents.list'" in output
    assert "wrong" in output
    assert re.search(r"#1 \S+ agents.create POST /v1/agents/ 200", output)
    assert "user: hello\n" in output
    assert "assistant: Hi!\n" in output


def test_everything_in_typescript_compiles_and_runs_in_vitest(
    project: Project, server: str
) -> None:
    folder = project(tsconfig__json=TSCONFIG, package__json=MODULE)
    pages = write_pages(folder, ".ts", ".config.ts")
    write_bot(folder)
    failing = fixtures("vitest", given=", skip", skip="skip")
    (folder / "docs" / "failing.test.ts").write_text(failing)
    tours = [(file.parent.name, one) for file, one in pages if file.name == "tour.ts"]

    node(folder, "typescript/bin/tsc")
    options = ["--config", "docs/vitest.config.ts", "--root", "."]
    vitest = ("vitest/vitest.mjs", "run", ".test.ts", *options)
    output = node(folder, *vitest, code=1, MOCKLETTA_URL=server)

    shows_what_happened(output)
    assert re.search(r"Test Files  1 failed \| 5 passed", output)
    assert re.search(r"Tests  2 failed \| 12 passed \| 1 skipped", output)
    assert [name for name, _ in tours] == ["docs", "package"]
    for name, tour in tours:
        shown = run(folder, "node", f"compiled/{name}/tour.js", MOCKLETTA_URL=server)
        assert tour.is_answered_by(shown)


def test_jest(project: Project, server: str) -> None:
    folder = project(app__jest__js=JEST, package__json="{}")
    write_pages(folder, "jest.js", "jest.config.js")
    options = ["--config", "docs/jest.config.js", "--rootDir", ".", "--testMatch", "**/*.jest.js"]

    output = node(folder, "jest/bin/jest.js", *options, code=1, MOCKLETTA_URL=server)

    shows_what_happened(output)
    assert "2 failed, 1 skipped, 3 passed" in output


def test_node_test(project: Project, server: str) -> None:
    folder = project(app__test__mjs=NODE_TEST)
    write_pages(folder, ".test.mjs")

    output = run(folder, "node", "--test", code=1, MOCKLETTA_URL=server)

    shows_what_happened(output)
    assert re.search("pass 4\n", output)


def test_playwright(project: Project, server: str) -> None:
    folder = project(package__json=MODULE)
    write_pages(folder, ".spec.ts", "playwright.config.ts")
    (folder / "docs" / "failing.spec.ts").write_text(
        fixtures("playwright", given="", skip="test.skip")
    )

    output = node(
        folder,
        "@playwright/test/cli.js",
        "test",
        "--config",
        "docs",
        "--workers=1",
        code=1,
        MOCKLETTA_URL=server,
    )

    shows_what_happened(output)
    assert re.search(r"2 failed\n.*1 skipped\n.*1 passed", output, re.DOTALL)


def test_the_bot_is_tested_with_the_versions_that_it_names() -> None:
    bot = json.loads((BOT / "package.json").read_text())
    ours = json.loads((PACKAGE / "package.json").read_text())
    named = {**bot["dependencies"], **bot["devDependencies"]}
    tested = {**ours["devDependencies"], "mockletta": ours["version"]}
    assert named.items() <= tested.items()
