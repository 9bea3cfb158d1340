"""A developer watches an app on the console while the SDK works."""

import threading
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from letta_client import Letta

from mockletta import MockLetta
from tests.console.conftest import PHONE, Console

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODEL = "openai/gpt-4o-mini"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'`{{7*7}}"
APPROVED = '''
def delete_file(path: str) -> str:
    """
    Delete a file.

    Args:
        path (str): The file.
    """
    return "deleted"
'''


def make_agent(client: Letta, name: str = "support") -> str:
    blocks: list[Any] = [{"label": "human", "value": "The user is a tester."}]
    return client.agents.create(name=name, model=MODEL, memory_blocks=blocks).id


def talk(client: Letta, conversation_id: str, text: str) -> None:
    for _ in client.conversations.messages.create(conversation_id, input=text, stream_tokens=True):
        pass


def test_an_agent_appears_in_an_empty_world(console: Console, client: Letta) -> None:
    console.go("agents")
    console.sees("No agents yet")
    console.sees("client.agents.create")
    make_agent(client, "first")
    console.sees("first")
    console.page.get_by_role("searchbox").fill("nobody")
    console.sees("No agent matches.")


def test_a_block_is_edited_on_the_page_and_its_history_shows_who_changed_it(
    console: Console, client: Letta
) -> None:
    agent_id = make_agent(client)
    first, second = (client.conversations.create(agent_id=agent_id).id for _ in range(2))
    talk(client, first, "Please update your core memory to note that the deadline is Friday.")
    talk(client, second, "Please update your core memory to note that the demo is on Monday.")
    page = console.go("agents", agent_id)
    page.get_by_label("Edit human").click()
    page.get_by_label("Value of human").fill("Edited by hand.")
    page.get_by_role("button", name="Save").click()
    console.sees("History (3)")
    page.get_by_text("History (3)").click()
    page.get_by_role("link", name=first).first.wait_for()
    page.get_by_role("link", name=second).first.wait_for()
    console.sees("blocks.update")
    assert client.agents.blocks.retrieve("human", agent_id=agent_id).value == "Edited by hand."


def test_a_reply_grows_token_by_token(console: Console, client: Letta, mock: MockLetta) -> None:
    agent_id = make_agent(client)
    conversation = client.conversations.create(agent_id=agent_id).id
    mock.when("count").say("one two three four five six seven", tokens_per_second=4)
    page = console.go("agents", agent_id, "conversations", conversation)
    console.sees("live")
    app = threading.Thread(target=talk, args=(client, conversation, "count"))
    app.start()
    growing = page.locator(".bubble.assistant.growing .value")
    growing.wait_for()
    early = growing.inner_text()
    console.sees("one two three four five six seven")
    app.join()
    assert early in "one two three four five six seven"
    assert early != "one two three four five six seven"
    console.sees("end_turn")


def test_two_conversations_stand_side_by_side_around_their_memory(
    console: Console, client: Letta
) -> None:
    agent_id = make_agent(client)
    first, second = (client.conversations.create(agent_id=agent_id).id for _ in range(2))
    page = console.go("agents", agent_id, "conversations", f"{first}?beside={second}")
    console.sees("Shared memory")
    talk(client, first, "Please update your core memory to note that the deadline is Friday.")
    talk(client, second, "My name is Bob.")
    aside = page.get_by_label("Memory", exact=True)
    aside.get_by_text("The deadline is Friday.").first.wait_for()
    page.get_by_label(second).get_by_text("My name is Bob.").first.wait_for()
    assert page.get_by_label(first).get_by_text("My name is Bob.").count() == 0


def test_a_message_is_written_by_hand(console: Console, client: Letta) -> None:
    agent_id = make_agent(client)
    page = console.go("agents", agent_id, "conversations", "default")
    page.get_by_label("Message", exact=True).fill("Say 'cheese'")
    page.get_by_role("button", name="Send").click()
    page.locator(".bubble.assistant").get_by_text("cheese").first.wait_for()
    assert "Say 'cheese'" in [
        message.content
        for message in client.agents.messages.list(agent_id)
        if message.message_type == "user_message"
    ]


def test_an_approval_is_given_by_a_click_and_the_turn_goes_on(
    console: Console, client: Letta, mock: MockLetta
) -> None:
    tool = client.tools.upsert(source_code=APPROVED, default_requires_approval=True)
    agent = client.agents.create(model=MODEL, tool_ids=[tool.id])
    conversation = client.conversations.create(agent_id=agent.id).id
    rule = mock.when("delete").call("delete_file", path="old.txt", returns="deleted")
    rule.say("It is gone.")
    talk(client, conversation, "delete it")
    page = console.go("agents", agent.id, "conversations", conversation)
    console.sees("waiting for approval")
    page.get_by_role("button", name="Approve").click()
    page.locator(".bubble.assistant").get_by_text("It is gone.").first.wait_for()
    kinds = [one.message_type for one in client.conversations.messages.list(conversation)]
    assert "approval_response_message" in kinds


def test_a_request_opens_to_its_frames_and_can_be_copied(
    console: Console, client: Letta, mock: MockLetta
) -> None:
    agent_id = make_agent(client)
    conversation = client.conversations.create(agent_id=agent_id).id
    mock.when("slow").say("a b c", tokens_per_second=20)
    page = console.go("requests")
    console.sees("agents.create")
    talk(client, conversation, "slow")
    page.get_by_role("link", name="conversations.messages.create").first.click()
    console.sees("First token")
    for kind, text in (
        ("curl", "curl -X POST"),
        ("Python", "client.conversations.messages.create("),
        ("TypeScript", "await client.conversations.messages.create("),
        ("script rule", 'exact: "slow"'),
        ("expectation", "mockletta.journal.expect("),
    ):
        page.get_by_role("button", name=kind, exact=True).click()
        console.sees(text)


def test_a_script_is_checked_and_put_in_force(console: Console, client: Letta) -> None:
    agent_id = make_agent(client)
    page = console.go("script")
    page.get_by_label("Script", exact=True).fill("replies:\n  - wen: hello\n    reply: Hi!")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="line 2").wait_for()
    page.get_by_label("Script", exact=True).fill("replies:\n  - when: hello\n    reply: Hi!")
    page.get_by_role("button", name="Put in force").click()
    page.get_by_role("status").get_by_text("in force").wait_for()
    answer = client.agents.messages.create(agent_id, input="hello")
    assert [getattr(one, "content", None) for one in answer.messages] == ["Hi!"]


def test_a_fault_is_added_on_the_page_and_met_by_the_sdk(
    console: Console, client: Letta, mock: MockLetta
) -> None:
    page = console.go("script")
    page.get_by_text("Add a fault").click()
    page.get_by_label("on", exact=True).fill("agents.list")
    page.get_by_label("status", exact=True).fill("503")
    page.get_by_role("button", name="Add the fault").click()
    console.sees("status=503")
    with pytest.raises(Exception, match="503"):
        client.agents.list()
    page.get_by_role("button", name="Remove the fault on agents.list").click()
    console.sees("No faults are planned.")
    assert len(mock.faults) == 0


def test_time_moves_by_a_click_and_worlds_are_kept(
    console: Console, client: Letta, mock: MockLetta
) -> None:
    make_agent(client)
    mock.clock.freeze("2026-01-01T00:00:00Z")
    page = console.go("time")
    console.sees("2026-01-01 00:00:00")
    page.get_by_role("button", name="+ 1 day").click()
    console.sees("2026-01-02 00:00:00")
    page.get_by_label("Name of the snapshot").fill("before")
    page.get_by_role("button", name="Keep").click()
    page.get_by_label("Restore before").wait_for()
    make_agent(client, "second")
    page.get_by_label("Restore before").click()
    page.get_by_label("Key of the fork").fill("worker-one")
    page.get_by_role("button", name="Fork").click()
    page.get_by_role("link", name="world-1").click()
    console.sees("support")
    assert len(client.agents.list().items) == 1


def test_the_verdict_links_to_the_requests_that_show_it(
    console: Console, client: Letta, mock: MockLetta
) -> None:
    mock.faults.add("agents.list", status=429, retry_after=30)
    page = console.go("verdict")
    console.sees("clean")
    for _ in range(2):
        try:
            client.agents.list()
        except Exception:  # noqa: BLE001 - the app tries again at once
            continue
    console.sees("retry-after-ignored")
    page.get_by_role("link", name="request #1").click()
    console.sees("agents.list")


def test_hostile_values_are_shown_as_text(console: Console, client: Letta, mock: MockLetta) -> None:
    blocks: list[Any] = [{"label": "human", "value": HOSTILE, "description": HOSTILE}]
    agent = client.agents.create(name="x", model=MODEL, memory_blocks=blocks, tags=[HOSTILE])
    conversation = client.conversations.create(agent_id=agent.id, summary=HOSTILE).id
    mock.when("img").think(HOSTILE).say(HOSTILE)
    talk(client, conversation, HOSTILE)
    client.agents.list(name=HOSTILE, extra_headers={"X-Odd": HOSTILE})
    for place in (
        ["agents"],
        ["agents", agent.id],
        ["agents", agent.id, "conversations", conversation],
        ["requests", str(len(mock.journal))],
    ):
        page = console.go(*place)
        page.get_by_text("onerror").first.wait_for()
        assert page.locator("img[src=x]").count() == 0


def test_the_page_survives_a_restart_of_the_server(browser: "Browser") -> None:
    with MockLetta() as mock:
        port = int(mock.base_url.rpartition(":")[2])
        console = Console(browser.new_page(), mock.base_url)
        console.go("agents")
        console.sees("No agents yet")
    console.sees("server not reachable")
    with MockLetta(port=port) as mock, mock.client() as client:
        make_agent(client, "after")
        console.sees("after")
    console.page.close()


def test_keys_lead_through_the_page(console: Console, client: Letta) -> None:
    agent_id = make_agent(client)
    page = console.go("agents")
    console.sees("support")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    console.sees(agent_id)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: agent_id not in url)
    page.keyboard.press("2")
    console.sees("agents.create")
    page.keyboard.press("/")
    page.keyboard.type("nothing like this")
    console.sees("No requests match.")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    console.sees("previous row")


@pytest.mark.parametrize("place", ["agents", "requests", "script", "time", "verdict"])
def test_no_page_is_wider_than_a_phone(console: Console, client: Letta, place: str) -> None:
    make_agent(client)
    size: Any = PHONE
    console.page.set_viewport_size(size)
    page = console.go(place)
    page.locator("main h1").first.wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide


@pytest.mark.parametrize("place", ["agents", "requests", "script", "time", "verdict"])
def test_nothing_serious_keeps_anybody_from_using_a_page(
    console: Console, client: Letta, place: str
) -> None:
    agent_id = make_agent(client)
    page = console.go(place, *([agent_id] if place == "agents" else []))
    page.locator("main h1").first.wait_for()
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious] == []


def test_two_tabs_show_the_same(console: Console, client: Letta, browser: "Browser") -> None:
    agent_id = make_agent(client)
    other = Console(browser.new_page(), console.url)
    for tab in (console, other):
        tab.go("agents", agent_id)
        tab.sees("The user is a tester.")
    client.agents.blocks.update("human", agent_id=agent_id, value="Changed by the app.")
    for tab in (console, other):
        tab.sees("Changed by the app.")
    other.page.close()


def test_from_elsewhere_the_page_asks_for_the_admin_token_once(browser: "Browser") -> None:
    with MockLetta(admin_token="open-sesame") as mock, mock.client() as client:
        make_agent(client, "guarded")
        page = browser.new_page(extra_http_headers={"X-Forwarded-For": "192.0.2.1"})
        console = Console(page, mock.base_url)
        console.go("agents")
        page.get_by_label("Admin token").fill("open-sesame")
        page.get_by_role("button", name="Open").click()
        console.sees("guarded")
        console.go("requests")
        console.sees("agents.create")
        assert "open-sesame" not in page.url
        page.close()
