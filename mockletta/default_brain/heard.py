"""Heard: a message to answer, the user's own words of it, and what is known."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mockletta.brain.decisions import ModelCall
from mockletta.default_brain.memory.answers import answer
from mockletta.default_brain.memory.block_items import units
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.memory_calls import ABOUT, concerned
from mockletta.default_brain.reply_forms import points_back, read_form
from mockletta.default_brain.structured_replies import without_json_order
from mockletta.default_brain.system_prompts import (
    Instructions,
    agreement,
    standing_orders,
)
from mockletta.language.sentences import kind, sentences
from mockletta.language.small_talk import MOCK, greeting, small_talk
from mockletta.language.words import patterns, remembered

MEMORY = patterns("memory")

NAMELESS = frozenset({"name", "you"})


@dataclass
class Heard:
    """A message to answer: the user's own words, what is ordered for every reply, what is known."""

    text: str
    call: ModelCall
    instructions: Instructions
    sources: Sources

    def part(self, text: str) -> "Heard":
        """Return a part of the message, which is answered from the same sources."""
        return Heard(text, self.call, self.instructions, self.sources)

    @property
    def question(self) -> str:
        """The message with the list that `on it` means, and an order to answer in one word."""
        labels = [one.label for one in self.call.blocks if one.label not in ABOUT]
        label = concerned(self.call.messages, labels) if MEMORY.there.search(self.text) else ""
        named = MEMORY.there.sub(rf"\1 the {label} list", self.text) if label else self.text
        return f"{named} One word only." if "word" in self.instructions.forms else named

    @cached_property
    def asks(self) -> bool:
        return any(kind(sentence) == "question" for sentence in sentences(self.text))

    @property
    def self(self) -> str:
        """Who the agent is, in a sentence."""
        if NAMELESS in self.instructions.refused:
            return "I'd rather not give my name."
        if self.instructions.who:
            return f"I am {self.instructions.who}."
        told, known = answer("What is your name?", self.sources)
        name = f"{self.call.agent_name}, " if self.call.agent_name else ""
        return told if known else f"I am {name}{self._identity or MOCK}."

    @property
    def _identity(self) -> str:
        """What the persona block says the agent is: `a grumpy lighthouse keeper`."""
        told = (units(one.value) for one in self.call.blocks if one.label == "persona")
        found = (MEMORY.identity.match(line) for lines in told for line in lines)
        return next((one["who"] for one in found if one and "assistant" not in one[0]), "")


class Parts(NamedTuple):
    """A message in parts: a greeting, an order for the form of the reply, and the rest.

    `agreement` is the reply to a rest that only orders something for all replies.
    """

    greeting: str
    form: str
    rest: str
    agreement: str | None

    @property
    def is_greeting(self) -> bool:
        return bool(self.greeting) and (not self.rest or _is_address(self.rest))


@remembered
def read_parts(text: str) -> Parts:
    """Split a message into its parts."""
    rest, form = read_form(without_json_order(text) or text)
    if points_back(rest) or standing_orders(text):
        rest, form = text, ""
    opening = greeting(rest)
    rest = rest[len(opening) :].strip()
    return Parts(opening, form, rest, agreement(rest))


def _is_address(rest: str) -> bool:
    """Return whether what follows a greeting is only a name."""
    return rest.strip(" .!?,").isalpha() and small_talk(rest) is None
