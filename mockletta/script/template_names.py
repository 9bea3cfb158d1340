"""What templates can read: looked up by name, since a long history is worth no look in vain."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockletta.script.template_texts import LookUp
from mockletta.script.turn_view import TurnView, text_of

FACTS: Mapping[str, Callable[[TurnView], object]] = MappingProxyType(
    {
        "agent": lambda view: view.agent,
        "blocks": lambda view: view.blocks,
        "conversation": lambda view: view.conversation,
        "count": lambda view: view.count,
        "groups": lambda view: dict(view.groups),
        "history": lambda view: [
            {"role": message.role, "text": text_of(message)} for message in view.history
        ],
        "message": lambda view: view.text,
        "now": lambda view: view.now,
        "returned": lambda view: view.returned,
        "step": lambda view: view.step,
        "turn": lambda view: view.turn,
    }
)
"""Each name besides the groups of the rule's patterns, which are read by their own."""


def facts_of(view: TurnView) -> LookUp:
    """How a template's names are looked up in a turn."""

    def look_up(names: frozenset[str]) -> dict[str, object]:
        found = {name: FACTS[name](view) for name in names if name in FACTS}
        return found | {name: view.groups[name] for name in names if name in view.groups}

    return look_up
