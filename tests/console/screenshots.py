"""`python -m tests.console.screenshots`: take the pictures of docs/console.md."""

import threading
from pathlib import Path
from typing import Any

from letta_client import Letta
from playwright.sync_api import Page, sync_playwright

from mockletta import MockLetta
from tests.console.conftest import CHROMIUM, OFFLINE, WIDE

FOLDER = Path(__file__).parents[2] / "docs" / "images"
ALICE, BOB = (f"conv-00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
SUPPORT = "agent-00000000-0000-4000-8000-000000000001"


def talk(client: Letta, conversation_id: str, text: str) -> None:
    """Send a message and read the reply."""
    for _ in client.conversations.messages.create(conversation_id, input=text, stream_tokens=True):
        pass


def take(page: Page, url: str, name: str, *parts: str) -> None:
    """Take the picture of one view."""
    page.goto(f"{url}/_mockletta/console#/{'/'.join(['main', *parts])}")
    page.locator("main h1").first.wait_for()
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / f"console-{name}.png")


def main() -> None:
    """Play a small scene and take a picture of each main view."""
    FOLDER.mkdir(exist_ok=True)
    size: Any = {**WIDE, "height": 760}
    with MockLetta(seed="seed_data/demo.yaml") as mock, mock.client() as client:
        mock.when("opening hours").think("It is in the block about the shop.").say(
            "We open at 7 in the morning, and we are closed on Mondays.", tokens_per_second=3
        )
        talk(client, ALICE, "Please update your core memory to note that the cake is for Friday.")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport=size, color_scheme=scheme)
                asks = threading.Thread(
                    target=talk, args=(client, BOB, "What are the opening hours?")
                )
                asks.start()
                beside = ["agents", SUPPORT, "conversations", f"{ALICE}?beside={BOB}"]
                take(page, mock.base_url, f"conversations-{scheme}", *beside)
                asks.join()
                take(page, mock.base_url, f"agent-{scheme}", "agents", SUPPORT)
                take(page, mock.base_url, f"requests-{scheme}", "requests")
                newest = str(max(entry.number for entry in mock.journal))
                take(page, mock.base_url, f"request-{scheme}", "requests", newest)
            browser.close()


if __name__ == "__main__":
    main()
