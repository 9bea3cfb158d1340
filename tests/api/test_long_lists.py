"""Very long lists: they are rendered in pieces, and other requests go on between them."""

import httpx
import pytest

from mockletta.testing.mock_letta import MockLetta
from tests.worlds import make_agent, say

ROOMS = ("http.rendering", "api.lists", "api.agents.agents", "api.messages.message_lists")


@pytest.mark.parametrize("path", ["agents/", "blocks/", "runs/", "messages/"])
def test_a_list_in_pieces_is_the_same_list(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with MockLetta(port=None) as mock:
        for name in ("Ada", "Bea", "Cleo"):
            say(mock.world, make_agent(mock.world, name).id, "Hello!")
        with httpx.Client(transport=mock.transport(), base_url=mock.base_url) as client:
            whole = client.get(f"/v1/{path}?limit=1000")
            for room in ROOMS:
                monkeypatch.setattr(f"mockletta.{room}.ITEMS_AT_ONCE", 2)
            pieces = client.get(f"/v1/{path}?limit=1000")

    assert len(whole.json()) > 2
    assert pieces.content == whole.content
