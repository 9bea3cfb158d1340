"""The SDK in a page of a browser: CORS lets the pages of this machine through, and no others."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from mockletta import MockLetta
from tests.clients.node_project import INSTALLED
from tests.environment import skip_unless

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

KNOWN, UNKNOWN = "http://localhost:5173", "http://shop.example.com"
SDK = INSTALLED / "@letta-ai" / "letta-client"
ASK = """
async ([baseURL, sdk]) => {
  const { Letta } = await import(sdk);
  const letta = new Letta({ baseURL, apiKey: "any", maxRetries: 0 });
  const agent = await letta.agents.create({ name: "Ada", model: "openai/gpt-4o-mini" });
  const conversation = await letta.conversations.create({ agent_id: agent.id });
  const { messages } = letta.conversations;
  const stream = await messages.create(conversation.id, { input: "Say 'cheese'" });
  let said = "";
  for await (const event of stream) {
    if (event.message_type === "assistant_message") said += event.content;
  }
  return said;
}
"""
FETCH = "async (url) => (await fetch(url)).status"


def serve(route: "Route") -> None:
    """Serve an empty page, and the files of the SDK below it."""
    path = route.request.url.split("/", 3)[3]
    if not path:
        route.fulfill(body="<!doctype html>", content_type="text/html")
        return
    route.fulfill(body=(SDK / path).read_text(), content_type="text/javascript")


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page of another origin, which may call this machine: its files come from no server."""
    context = browser.new_context(permissions=["local-network-access"])
    page = context.new_page()
    for origin in (KNOWN, UNKNOWN):
        page.route(f"{origin}/**", serve)
    yield page
    context.close()


@skip_unless(SDK.exists(), "the Node packages are not installed")
def test_the_sdk_streams_in_a_page_of_a_known_origin(page: "Page") -> None:
    with MockLetta() as mock:
        page.goto(f"{KNOWN}/")
        assert page.evaluate(ASK, [mock.base_url, f"{KNOWN}/index.mjs"]) == "cheese"
        assert mock.journal.count("conversations.messages.create") == 1


def test_a_page_of_another_origin_gets_no_answer(page: "Page") -> None:
    from playwright.sync_api import Error

    with MockLetta() as mock:
        page.goto(f"{KNOWN}/")
        assert page.evaluate(FETCH, f"{mock.base_url}/v1/health/") == 200
        page.goto(f"{UNKNOWN}/")
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(FETCH, f"{mock.base_url}/v1/health/")


def test_a_page_of_a_known_origin_does_not_reach_the_control_api(page: "Page") -> None:
    from playwright.sync_api import Error

    with MockLetta() as mock:
        page.goto(f"{KNOWN}/")
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(FETCH, f"{mock.base_url}/_mockletta/journal")
