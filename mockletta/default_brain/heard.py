"""Heard: a message to answer, the user's own words of it, and what is known."""

from dataclasses import dataclass, replace
from functools import cached_property

from mockletta.brain.decisions import ModelCall
from mockletta.default_brain.memory.answers import answer
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.system_prompts import Instructions
from mockletta.language.sentences import kind, sentences
from mockletta.language.small_talk import MOCK

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
        return replace(self, text=text)

    @property
    def question(self) -> str:
        """The message, with the order of the system prompt to answer in one word."""
        return f"{self.text} One word only." if "word" in self.instructions.forms else self.text

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
        return told if known else f"I am {name}{MOCK}."
