"""Everyday conversations, led through the SDK."""

import pytest

from tests.contract.conftest import Connect, connect, serve
from tests.default_brain.chatting import NOW, Chat, Talk, chats

__all__ = ["connect", "serve"]
ALL = chats("told.yaml", "done.yaml", "terminal_client.yaml")


@pytest.mark.parametrize("chat", ALL, ids=[chat["name"] for chat in ALL])
def test_every_reply_is_as_expected(connect: Connect, chat: Chat) -> None:
    assert Talk(connect(freeze=NOW), chat).play() == []
