"""A real browser on the console of a server of its own."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from letta_client import Letta

from mockletta import MockLetta
from tests.environment import IS_CI

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 400, "height": 800}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser for one file of tests: its loop runs in this thread, and others want one too."""
    if CHROMIUM is None:
        assert not IS_CI, "the browser tests need Chromium: apt-get install chromium"
        pytest.skip("there is no Chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield browser
        browser.close()


@pytest.fixture
def mock() -> Iterator[MockLetta]:
    with MockLetta() as mock:
        yield mock


@pytest.fixture
def client(mock: MockLetta) -> Iterator[Letta]:
    with mock.client(max_retries=0) as client:
        yield client


class Console:
    """The console in one tab; what went wrong on the page is in `problems`."""

    def __init__(self, page: "Page", url: str) -> None:
        self.page = page
        self.url = url
        self.problems: list[str] = []
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog {dialog.message}"))

    def go(self, *parts: str, world: str = "main") -> "Page":
        self.page.goto(f"{self.url}/_mockletta/console#/{'/'.join([world, *parts])}")
        return self.page

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture
def console(browser: "Browser", mock: MockLetta) -> Iterator[Console]:
    size: Any = WIDE
    context = browser.new_context(viewport=size)
    console = Console(context.new_page(), mock.base_url)
    yield console
    context.close()
    assert console.problems == []
