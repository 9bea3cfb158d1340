"""Sources: where answers are looked for, the most trusted first."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from math import ceil

from mockletta.brain.decisions import ChatMessage, ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import added_sections, outcome, parsed, user_texts
from mockletta.default_brain.memory.knowledge import Told
from mockletta.default_brain.memory.memory_calls import changes, gone
from mockletta.language.facts import MEMORY_TOOLS, Fact, read
from mockletta.language.notes import block_facts, note_facts, prompt_facts, section_facts
from mockletta.language.supersession import takes_back, without_things
from mockletta.language.told_lists import asked_of_list, told_list
from mockletta.language.words import concepts, name_words, patterns, tokens

CHANGE = patterns("change")
LIST = patterns("list")
LONGEST = 20_000
MOST, AT_ONCE = 3_000, 16
LONGEST_KEPT = 50_000
"""The length of all texts up to which it is kept what they tell: about 5 MB."""
SILENT_TOOLS = MEMORY_TOOLS | {"send_message"}
RETURNED = "tool return result output found got"
MOST_RETURNS = 500
MOST_SECTIONS = 20
LONGEST_RETURN = 500


def told_in(texts: Sequence[str], held: frozenset[str]) -> Told:
    """Return what the user told in messages.

    It is kept what the first ones tell, since each question of a conversation asks for it again. Of
    very many messages the first ones are left out, `AT_ONCE` at a time for the same reason.
    """
    texts = texts[ceil(max(0, len(texts) - MOST) / AT_ONCE) * AT_ONCE :]
    kept = bisect_right([*accumulate(map(len, texts))], LONGEST_KEPT) // AT_ONCE * AT_ONCE
    return _with(_told_before(tuple(texts[:kept]), held), texts[kept:])


@lru_cache(8)
def _told_before(texts: tuple[str, ...], held: frozenset[str]) -> Told:
    if not texts:
        return Told(held=held)
    return _with(_told_before(texts[:-AT_ONCE], held), texts[-AT_ONCE:])


def _with(told: Told, texts: Iterable[str]) -> Told:
    told = told.copy()
    for text in texts:
        told.take(text)
    return told


@dataclass
class Sources:
    """The sources of answers, the most trusted first; each is read when it is needed.

    `answers` keeps what was answered from them, and whether that was known.
    """

    call: ModelCall
    answers: dict[str, tuple[str, bool]] = field(default_factory=dict)

    @cached_property
    def told(self) -> Told:
        labels = (re.split(r"[\W_]+", one.label) for one in self.call.blocks)
        held = frozenset(concepts(word for one in labels for word in one))
        return told_in(user_texts(self.call.messages), held)

    @property
    def history(self) -> list[Fact]:
        return self.told.facts

    @cached_property
    def blocks(self) -> list[Fact]:
        """Return what the blocks hold, without what the user has told otherwise since."""
        found = [fact for block in self.call.blocks for fact in block_facts(block)]
        denied = [one for one in self.history if one.negated or CHANGE.over.search(one.text)]
        settled = {slot[0] for one in self.history for slot in one.slots}
        kept = (
            fact
            for fact in found
            if self.told.gone.isdisjoint(fact.concepts) and fact.labels not in settled
        )
        return [left for fact in kept if (left := _left(fact, denied))]

    def forgot(self, topic: frozenset[str]) -> bool:
        """Return whether something about a topic was removed at the user's order."""
        told = (fact.concepts for fact, by in self.told.outdated if by is None)
        kept = (one for one in told if self.told.gone.isdisjoint(one))
        removed = (one for _, old, new in changes(self.call.messages) for one in gone(old, new))
        said = chain(kept, (frozenset(concepts(tokens(one))) for one in removed))
        held = frozenset(
            concepts(tokens(" ".join(one.value for one in self.call.blocks)[:LONGEST]))
        )
        return any(topic <= one for one in said) and not topic <= held

    def of_list(self, questions: Iterable[str]) -> str:
        """Answer the last question if it is about a list that was told; "" if it is not."""
        *_, last = [None, *map(asked_of_list, questions)]
        found = self.told.list_of(last[1]) if last else None
        listed = told_list(found.text) if found else None
        if last and listed and LIST.bare.match(last[0]) and not listed.is_called(last[1]):
            return ""
        return (listed.answer(last[0]) or found.retold()) if last and found and listed else ""

    @cached_property
    def files(self) -> list[Fact]:
        return [fact for file in self.call.files for fact in note_facts(file.value, "persona")]

    @cached_property
    def system(self) -> Sequence[Fact]:
        return prompt_facts(self.call.system)

    @cached_property
    def returned(self) -> list[Fact]:
        return return_facts(self.call.messages, self.call.schemas)

    @cached_property
    def added(self) -> list[Fact]:
        """Return what the client added to the user's messages last, the newest last."""
        texts = [*dict.fromkeys(part for one in self.call.messages for part in _added(one))]
        return [fact for text in texts[-MOST_SECTIONS:] for fact in section_facts(text)]

    def __iter__(self) -> Iterator[Sequence[Fact]]:
        yield self.history
        yield self.blocks
        yield self.files
        yield self.added
        yield self.system
        yield self.returned


def _left(fact: Fact, denied: Sequence[Fact]) -> Fact | None:
    """Return what is left of a fact after what the user denied."""
    for one in denied:
        if takes_back(one, fact):
            text = without_things(fact.text, one.concepts)
            return read(text, fact.teller) if text else None
    return fact


def _added(message: ChatMessage) -> Sequence[str]:
    return added_sections(message.text) if message.role == "user" else ()


def return_facts(messages: Sequence[ChatMessage], schemas: Sequence[ToolSchema]) -> list[Fact]:
    """Return what tools returned in this conversation, the newest last."""
    does = {tool.name: tool.description[:LONGEST_RETURN] for tool in schemas}
    return list(_return_facts(messages[-MOST_RETURNS:], does))


def _return_facts(messages: Sequence[ChatMessage], does: Mapping[str, str]) -> Iterator[Fact]:
    made: dict[str, ToolCall] = {}
    for message in messages:
        if message.tool_calls:
            made |= {call.id: call for call in message.tool_calls}
        call = made.get(message.tool_call_id or "") if message.role == "tool" else None
        if (
            call is not None
            and call.name not in SILENT_TOOLS
            and (fact := _fact(call, message.text, does.get(call.name, "")))
        ):
            yield fact


def _fact(call: ToolCall, text: str, does: str) -> Fact | None:
    status, said = outcome(text)
    verb = "failed" if status == "Failed" else "returned"
    given = ", ".join(f"{key}: {value}" for key, value in parsed(call.arguments).items())
    with_ = f" for {given}"[:LONGEST_RETURN] if given else ""
    fact = read(f"The tool {call.name}{with_} {verb}: {said[:LONGEST_RETURN]}", "tool")
    words = concepts([*name_words(call.name), *tokens(does), *RETURNED.split()])
    if fact is not None:
        fact = replace(fact, ownerships=(), negated=False, concepts=fact.concepts | {*words})
    return fact
