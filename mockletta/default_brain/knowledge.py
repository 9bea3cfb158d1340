"""Knowledge: what was told so far, in order, where newer words outdate older ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mockletta.brain.decisions import ChatMessage, ModelCall
from mockletta.brain.history import added_sections, own_instructions, said, user_texts
from mockletta.default_brain.clause_meaning import (
    RELATIVE_DAYS,
    MemoryOrder,
    is_given_name,
    memory_order,
)
from mockletta.default_brain.facts import (
    Fact,
    as_told,
    block_facts,
    completed,
    is_about,
    joined,
    note_facts,
    read,
    refers_back,
    return_facts,
)
from mockletta.default_brain.sentences import (
    clauses,
    is_factual,
    kind,
    plain,
    sentences,
    small_talk,
    subject_text,
    swapped,
    with_value,
    without_aside,
    word_form,
)
from mockletta.default_brain.words import (
    categories,
    concepts,
    expand,
    patterns,
    tokens,
)

CHANGE = patterns("change")
PROMPT = patterns("prompt")

ITEMS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
SHORTEST = 3
MOST = 3_000


@dataclass(slots=True)
class Told:
    """What the user told in a conversation. `outdated` has what a fact was replaced by, if any.

    `recent` are the facts of the last two messages, `taken_back` those that the newest takes
    back, `changed` those that it changes, each with what it becomes.
    """

    facts: list[Fact] = field(default_factory=list)
    outdated: list[tuple[Fact, Fact | None]] = field(default_factory=list)
    settled: dict[object, list[Fact]] = field(default_factory=dict)
    recent: list[list[Fact]] = field(default_factory=list)
    newest: list[Fact] = field(default_factory=list)
    taken_back: list[Fact] = field(default_factory=list)
    changed: list[tuple[Fact, Fact]] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Take what a message tells, changes and takes back."""
        before = next(filter(None, reversed(self.recent)), [])
        self.newest, self.taken_back, self.changed = [], [], []
        self._take_sentences(text, before)
        self.recent = [*self.recent[-1:], self.newest]

    def _take_sentences(self, text: str, before: list[Fact]) -> None:
        for sentence in sentences(text):
            if len(sentence) < SHORTEST:
                continue
            if (change := CHANGE.list_change.match(plain(sentence))) and self._change_list(change):
                continue
            order = memory_order(sentence)
            if order is not None and order.kind == "undo":
                self.taken_back = [fact for fact in before if fact in self.facts]
                self._retire(self.taken_back, None)
                continue
            if small_talk(sentence) is not None:
                continue
            if order is not None and not self._obeys(order):
                order = None
            if order is None:
                self._hear(sentence)

    def _obeys(self, order: MemoryOrder) -> bool:
        match order.kind:
            case "insert":
                self._add_all(order.new, remembered=True)
            case "set":
                self._retire(self._about(order.old), None)
                self._add_all(f"{order.old} is {order.new}", remembered=False)
            case "replace":
                return self._substitute(order.old, order.new) or not order.soft
            case "forget":
                hits = self._about(order.old)
                self._retire(hits, None)
                return bool(hits) or not order.soft
            case "clear":
                self._retire(list(self.facts), None)
        return True

    def _about(self, text: str) -> list[Fact]:
        topic = frozenset(concepts(tokens(expand(text))))
        return [fact for fact in self.facts if topic and is_about(fact, topic)]

    def _change_list(self, change: re.Match[str]) -> bool:
        """Add things to a list that was told, or remove them; a new list begins with them."""
        topic = frozenset(concepts(tokens(change["list"])))
        lists = [one for one in self.facts if topic <= one.concepts and ":" in one.text]
        items = [CHANGE.article.sub("", one) for one in ITEMS.split(change["item"].strip(" \"'"))]
        if not lists:
            needed = [one for one in self.facts if CHANGE.needed.match(one.text)][-1:]
            named = f"my shopping list: {CHANGE.needed.sub('', needed[0].text)}" if needed else ""
            if change["add"]:
                named = f"{named.rstrip(' .') or change['list'] + ':'}{', ' if named else ' '}"
                self._add_all(f"{named}{', '.join(items)}", remembered=False)
                self._retire(needed, self.facts[-1])
            return bool(change["add"])
        head, _, held = lists[-1].text.rstrip(" .").partition(":")
        old = [item for item in ITEMS.split(held.strip()) if item]
        gone = {item.lower() for item in items}
        new = [item for item in old if item.lower() not in gone] + (items if change["add"] else [])
        self._replace(lists[-1], f"{head}: {', '.join(new) or 'nothing'}")
        return True

    def _hear(self, sentence: str) -> None:
        wrong = CHANGE.wrong.match(sentence)
        if wrong and self.facts and self._correct(sentence[wrong.end() :]):
            return
        if wrong:
            sentence = sentence[wrong.end() :]
        if kind(sentence) != "statement":
            if aside := CHANGE.stated_beside.search(sentence):
                self._add_all(aside["told"].rstrip(" .!?"), remembered=False)
            if self.facts and CHANGE.it_is.match(plain(sentence)) and kind(sentence) == "command":
                self._correct(plain(sentence))
            return
        core = CHANGE.told.sub("", without_aside(plain(sentence)))
        if self.facts and self._changes(expand(core)):
            return
        introduced = CHANGE.introduced.match(expand(core))
        if not self.facts and introduced and is_given_name(introduced["name"]):
            core = f"I am {expand(core)[introduced.start('name') :]}"
        self._add_all(core, remembered=False)

    def _changes(self, core: str) -> bool:
        """Read what changes an older fact: `it is not A but B`, `it moved to 10`."""
        if CHANGE.not_but.search(core) and CHANGE.it_is.match(core) and self._correct(core):
            return True
        if dropped := CHANGE.dropped.match(core):
            return self._substitute(dropped["old"], dropped["new"])
        shifted = CHANGE.shifted.match(core)
        acts = subject_text(self.facts[-1].clause).lower() in {"i", "we"}
        return shifted is not None and acts and self._correct(core[shifted.end() :])

    def _add_all(self, text: str, *, remembered: bool) -> None:
        for clause in clauses(as_told(text, "user")):
            anchor = self.facts[-1] if self.facts else None
            fact = read(completed(clause, anchor), "user", remembered)
            if fact is None or (not remembered and small_talk(clause)):
                continue
            if refers_back(fact):
                fact = joined(anchor, fact)
            self._add(fact)

    def _add(self, fact: Fact) -> None:
        if self.facts and self._exchanges(fact):
            return
        old = self._on_the_same(fact)
        if CHANGE.state_now.search(fact.text):
            subject = subject_text(fact.clause).lower()
            going_on = [one for one in self.facts if CHANGE.going_on.search(one.text)]
            old += [one for one in going_on if subject_text(one.clause).lower() == subject]
        if CHANGE.cancelled.search(fact.text):
            old += [one for one in self._about(subject_text(fact.clause)) if one not in old]
        if fact.negated or "like" in fact.concepts or CHANGE.ended.search(fact.text):
            old += [one for one in self.facts if one not in old and _takes_back(fact, one)]
        self._retire(old, fact)
        self._append(fact)

    def _exchanges(self, fact: Fact) -> bool:
        """Read `we switched to X` or `I replaced it with X` as a change of an older fact."""
        switch = CHANGE.switch.search(fact.text)
        if switch and self._switch(switch, fact):
            return True
        other = CHANGE.replaced.match(fact.text.rstrip(" .!"))
        newest = self.facts[-1]
        return other is not None and self._replace(newest, with_value(newest.text, other["new"]))

    def _on_the_same(self, fact: Fact) -> list[Fact]:
        """Return the facts about the same thing as a fact, and those with the same words."""
        keys = (*fact.slots, _spelling(fact))
        found = (one for key in keys for one in self.settled.get(key, ()))
        return [one for one in dict.fromkeys(found) if one in self.facts]

    def _append(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.newest.append(fact)
        for key in (*fact.slots, _spelling(fact)):
            self.settled.setdefault(key, []).append(fact)

    def _retire(self, facts: Sequence[Fact], by: Fact | None) -> None:
        for fact in facts:
            self.facts.remove(fact)
            self.changed += [(fact, by)] if by else []
            if by is None or _spelling(fact) != _spelling(by):
                self.outdated.append((fact, by))

    def _switch(self, match: re.Match[str], fact: Fact) -> bool:
        """Read `we switched from A to B` as the older fact about A with B in its place."""
        new = match["new"]
        dated = (
            new[0].isdigit()
            or new.lower() in RELATIVE_DAYS
            or {"day", "month"} & {*categories(new)}
        )
        if not match["old"] and ((dated and fact.slots) or self._has_moved_house(fact)):
            return False
        old = match["old"]
        about = [one for one in self.facts if _is_same_subject(fact, one)]
        others = fact.subject != "user"
        used = [
            one
            for one in about
            if (old.lower() in one.text.lower() if old else not one.slots)
            and (old or others or CHANGE.tooled.search(one.text))
        ]
        if not used:
            return False
        anchor = used[-1]
        text = swapped(anchor.text, old, match["new"]) if old else with_value(
            anchor.text, match["new"]
        )  # fmt: skip
        return self._replace(anchor, text)

    def _has_moved_house(self, fact: Fact) -> bool:
        """Whether `moved to X` is about where the user lives; `we` may have moved to a tool."""
        lives = ("user", "live")
        return lives in fact.slots and (fact.text[:2].lower() == "i " or lives in self.settled)

    def _substitute(self, old: str, new: str) -> bool:
        """Put one text for another in all that was told; False if nothing holds it."""
        held = [fact for fact in self.facts if re.search(word_form(old), fact.text, re.IGNORECASE)]
        for fact in held:
            self._replace(fact, swapped(fact.text, old, new))
        return bool(held)

    def _replace(self, fact: Fact, text: str) -> bool:
        changed = read(text, fact.teller, fact.remembered)
        if changed is None or text == fact.text:
            return False
        self._retire([fact], changed)
        self._append(changed)
        return True

    def _correct(self, words: str) -> bool:
        """Read what corrects the newest fact without naming its subject; False if it does not."""
        words = CHANGE.last_words.sub("", expand(words))
        anchor = self.facts[-1]
        if (denied := CHANGE.not_but.search(words)) and denied[
            "old"
        ].lower() in anchor.text.lower():
            value = denied["new"] or CHANGE.it_is.sub("", words[: denied.start()])
            return self._replace(
                anchor, swapped(anchor.text, denied["old"], CHANGE.valued.sub("", value))
            )
        stated = CHANGE.it_is.match(words)
        if stated is None and (is_factual(words) or kind(words) != "statement"):
            return False
        value = words[stated.end() :] if stated else words
        if len(value.split()) > 8 or not value:
            return False
        return self._replace(anchor, with_value(anchor.text, value))


def _is_same_subject(fact: Fact, older: Fact) -> bool:
    """Whether both are about the same, or the newer one about the user, who owns the older."""
    new, old = (subject_text(one.clause).lower() for one in (fact, older))
    part = concepts(tokens(new))
    return (
        fact.subject == "user" or new == old or (bool(part) and {*part} <= {*concepts(tokens(old))})
    )


def _spelling(fact: Fact) -> str:
    return fact.text.rstrip(".!").lower()


def _takes_back(fact: Fact, older: Fact) -> bool:
    """Whether a fact says that an older one no longer holds, or the contrary of it."""
    if fact.negated == older.negated or fact.subject != older.subject:
        return False
    ended = CHANGE.ended.search(fact.text) or "like" in fact.concepts
    about = fact.concepts - {"stop", "quit", "giv", "day"}
    return bool(ended) and bool(about) and about <= older.concepts | {"like"} and len(
        about - {"like"}
    ) > 0  # fmt: skip


@dataclass
class Sources:
    """The sources of answers, the most trusted first; each is read when it is needed."""

    call: ModelCall

    @cached_property
    def told(self) -> Told:
        told = Told()
        for text in list(user_texts(self.call.messages))[-MOST:]:
            told.take(text)
        return told

    @property
    def history(self) -> list[Fact]:
        return self.told.facts

    @cached_property
    def blocks(self) -> list[Fact]:
        return [fact for block in self.call.blocks for fact in block_facts(block)]

    @cached_property
    def files(self) -> list[Fact]:
        return [fact for file in self.call.files for fact in note_facts(file.value, "persona")]

    @cached_property
    def system(self) -> list[Fact]:
        return note_facts(told_instructions(self.call.system), "persona")

    @cached_property
    def returned(self) -> list[Fact]:
        return return_facts(self.call.messages, self.call.schemas)

    @cached_property
    def added(self) -> list[Fact]:
        """Return what the client added to the user's messages, the newest last."""
        texts = (part for one in self.call.messages for part in _added(one))
        return [fact for text in dict.fromkeys(texts) for fact in note_facts(text, "client")]

    def __iter__(self) -> Iterator[list[Fact]]:
        yield self.history
        yield self.blocks
        yield self.files
        yield self.system
        yield self.returned
        yield self.added


def told_instructions(system: str) -> str:
    """Return the sentences of a system prompt that tell something, without its orders."""
    lines = sentences(own_instructions(system))
    told = (one for one in lines if kind(one) == "statement" and not PROMPT.instructs.match(one))
    return "\n".join(told)


def _added(message: ChatMessage) -> Sequence[str]:
    return added_sections(message.text) if message.role == "user" else ()


def changes_facts(sentence: str) -> bool:
    """Whether a sentence may correct or change what was told before."""
    core = expand(plain(sentence))
    if CHANGE.dropped.match(core) or CHANGE.shifted.match(core):
        return True
    if CHANGE.wrong.match(sentence) or CHANGE.it_is.match(core) or CHANGE.list_change.match(core):
        return True
    return kind(sentence) == "command" and memory_order(sentence) is not None


def told_in(text: str, messages: Sequence[ChatMessage]) -> list[Fact]:
    """Return the facts that the newest message adds or changes, given the few before it."""
    told = Told()
    for message in messages:
        if message.role == "user":
            told.take(said(message))
    before = set(told.facts)
    told.take(text)
    return [fact for fact in told.facts if fact not in before]
