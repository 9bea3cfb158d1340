"""Knowledge: what was told so far, in order, where newer words outdate older ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mockletta.language.clause_meaning import (
    fits_in,
    is_given_name,
    swapped,
    value_of,
    with_value,
    word_form,
)
from mockletta.language.fact_matching import NAMED_TIMES, best
from mockletta.language.facts import (
    Fact,
    as_told,
    completed,
    is_about,
    joined,
    read,
    refers_back,
    topic_of,
)
from mockletta.language.memory_orders import MemoryOrder, is_taken_back, memory_order, parted
from mockletta.language.questions import asked_last, query, stated_answer
from mockletta.language.sentences import (
    clauses,
    is_factual,
    kind,
    plain,
    sentences,
    subject_text,
    unwrapped,
)
from mockletta.language.small_talk import small_talk
from mockletta.language.supersession import changes_in, is_same_subject, takes_back, without_things
from mockletta.language.told_lists import told_list
from mockletta.language.words import (
    NUMBERS,
    categories,
    concepts,
    expand,
    lexicon,
    lower_words,
    patterns,
    rewritten,
    tokens,
)

CHANGE = patterns("change")

AND_IT = re.compile(r",? and (?=(?:it|that) is )", re.IGNORECASE)
PRONOUNS = frozenset({"it", "that", "this", "them", "those", "there"})
ENDINGS = {"ended", "over"}
TARGETS = frozenset({"", "it", "there", "them", "that"})
LISTS = frozenset(concepts(lexicon("list_labels")))
SHORTEST, MOST_RECENT = 3, 4


@dataclass(slots=True)
class Told:
    """What the user told in a conversation. `outdated` has what a fact was replaced by, if any.

    `recent` are the facts of the last messages, each. Of the newest message, `taken_back` are the
    facts that it takes back, `changed` those that it changes, each with what it becomes, and
    `swaps` the texts for which it puts others. `gone` are the concepts of what the user no longer
    has, `held` those of the lists that memory blocks hold, `asked` is the question that the last
    message ends with.
    """

    facts: list[Fact] = field(default_factory=list)
    outdated: list[tuple[Fact, Fact | None]] = field(default_factory=list)
    settled: dict[object, tuple[Fact, ...]] = field(default_factory=dict)
    recent: list[list[Fact]] = field(default_factory=list)
    newest: list[Fact] = field(default_factory=list)
    taken_back: list[Fact] = field(default_factory=list)
    changed: list[tuple[Fact, Fact]] = field(default_factory=list)
    swaps: list[tuple[str, str]] = field(default_factory=list)
    held: frozenset[str] = frozenset()
    gone: set[str] = field(default_factory=set)
    asked: str = ""

    def copy(self) -> "Told":
        """Return a copy that can take more messages."""
        return replace(
            self,
            facts=self.facts.copy(),
            outdated=self.outdated.copy(),
            settled=self.settled.copy(),
            gone=self.gone.copy(),
        )

    def take(self, text: str) -> None:
        """Take what a message tells, changes and takes back."""
        before = next(filter(None, reversed(self.recent)), [])
        self.newest, self.taken_back, self.changed, self.swaps = [], [], [], []
        self._take_sentences("" if is_taken_back(text) else text, before)
        self.recent = [*self.recent[-MOST_RECENT:], self.newest]
        self.asked = asked_last(text)

    def _take_sentences(self, text: str, before: list[Fact]) -> None:
        lines = [part for line in sentences(text) for part in parted(line)]
        for index, sentence in enumerate(lines):
            if self._answers(sentence) or len(sentence) < SHORTEST:
                continue
            order = memory_order(sentence)
            if order is not None and order.kind == "undo" and not order.new:
                told = [one for one in dict.fromkeys(before) if one in self.facts]
                rest = topic_of(" ".join(lines[index + 1 :]))
                corrected = [one for one in told if not rest.isdisjoint(one.concepts)]
                self.taken_back = corrected or told
                self._retire(self.taken_back, None)
                continue
            if small_talk(sentence) is not None:
                continue
            if order is None or not (self._change_list(order) or self._obeys(order)):
                self._hear(sentence)

    def _answers(self, sentence: str) -> bool:
        """Read an answer to the user's own question: `teal` after `What is my favorite color?`."""
        answer, topic = stated_answer(self.asked, sentence) if self.asked else ("", "")
        if not answer or self._about(topic):
            return False
        self._add_all(answer, remembered=False)
        return True

    def _obeys(self, order: MemoryOrder) -> bool:
        match order.kind:
            case "add" | "remove" if order.is_of_list:
                return order.target not in {"it", "there"}
            case "add":
                self._add_all(rewritten(order.new, "noted"), remembered=True)
            case "set" if order.old.lower() in PRONOUNS:
                return False
            case "set" if self._about(order.old) or not order.soft:
                self._retire(self._about(order.old), None)
                self._add_all(f"{order.old} is {order.new}", remembered=False)
            case "replace":
                return self._exchange(order.old, order.new) or not order.soft
            case "remove":
                hits = self._about(order.old)
                hits = hits or [one for thing in order.things for one in self._about(thing)]
                self._retire([*dict.fromkeys(hits)], None)
                return bool(hits) or not order.soft
            case "clear":
                self._retire([] if order.new else list(self.facts), None)
        return True

    def _about(self, text: str) -> list[Fact]:
        topic = topic_of(text)
        return [fact for fact in self.facts if topic and is_about(fact, topic)]

    def list_of(self, target: str) -> Fact | None:
        """Return the list that a target names; if it only points at one, like `it`, the newest."""
        topic = {*concepts(tokens(target))} - {"list"}
        if not (topic or self.held.isdisjoint(LISTS)):
            return None
        named = (one for one in reversed(self.facts) if topic <= one.concepts)
        return next((one for one in named if told_list(one.text)), None)

    def _change_list(self, order: MemoryOrder) -> bool:
        """Add things to a list that was told, or take them off it; False if there is no such."""
        target = order.target or (order.old if order.old.endswith("list") else "")
        is_list = "list" in target and not target.startswith(("a ", "an "))
        if order.kind not in {"add", "remove"} or not (order.soft and (order.new or order.old)):
            return False
        last = [*filter(None, self.recent), self.newest]
        found = self.list_of(target)
        listed = told_list(found.text) if found else None
        is_list |= bool(listed and listed.is_called(target))
        if not (is_list or target in TARGETS):
            return False
        if found and listed and (is_list or any(found in one for one in last)):
            if target and target == order.old:
                return self._replace(found, listed.emptied)
            change = listed.with_items if order.new else listed.without_items
            return self._replace(found, change(order.new or order.old))
        topic = {*concepts(tokens(target))} - {"list"}
        if is_list and order.new and self.held.isdisjoint(topic):
            whose = "" if target.startswith(("my ", "our ", "the ")) else "my "
            self._add_all(f"{whose}{target}: {order.new}", remembered=False)
        return is_list

    def _became(self, sentence: str) -> str:
        """Call my girlfriend my wife after `she is my wife now`; return what else is said."""
        became = CHANGE.became.match(expand(sentence))
        last = reversed(self.facts[-MOST_RECENT:] if became else [])
        told = next((found for one in last if (found := CHANGE.of_partner.search(one.text))), None)
        if became is None or told is None:
            return sentence
        self._substitute(told["old"], became["new"])
        return f"{became['more']}{became['why'] or ''}"

    def _hear(self, sentence: str) -> None:
        sentence = self._became(sentence)
        wrong = CHANGE.wrong.match(sentence)
        told = self._righted(wrong) if wrong else sentence
        if kind(told) == "command" and self.facts and (made := CHANGE.it_is.match(plain(told))):
            if fits_in(self.facts[-1].text, made.string[made.end() :]):
                self._correct(made.string)
            return
        core = unwrapped(told)
        moved = self.facts and CHANGE.just_moved.match(core)
        if moved or kind(told) != "statement" or (wrong and not is_factual(told)) or core.isalpha():
            return
        if self._changes(expand(core)):
            return
        introduced = CHANGE.introduced.match(expand(core))
        if not self.facts and introduced and is_given_name(introduced["name"]):
            core = f"I am {expand(core)[introduced.start('name') :]}"
        self._add_all(core, remembered=False)
        found = self.list_of("")
        listed = told_list(found.text) if found else None
        if found and listed and (left := listed.without_done(core)):
            self._replace(found, left)

    def _righted(self, wrong: re.Match[str]) -> str:
        """Correct the newest fact by what follows a lead-in like `No, `, and return what is new."""
        thing, rest = wrong["thing"], wrong.string[wrong.end() :]
        if self.facts and CHANGE.of_another.match(expand(rest)):
            self._retire(self.facts[-1:], None)
            return ""
        pieces = AND_IT.split(expand(rest)) if self.facts else []
        if [one for one in pieces if self._correct(one)]:
            return ""
        first, _, more = rest.partition(", ")
        if self.facts and fits_in(self.facts[-1].text, first) and self._correct(first):
            rest = more
        begins_alike = [one.words[:2] == lower_words(rest)[:2] for one in self.facts[-1:]]
        if CHANGE.taken_back.match(wrong.string) and any(begins_alike):
            self._retire(self.facts[-1:], None)
        stated = CHANGE.it_is.sub("", expand(rest)).strip(" .!")
        return f"{thing} is {stated}" if thing and stated and not is_factual(stated) else rest

    def _changes(self, core: str) -> bool:
        """Read what changes an older fact: `it is not A but B`, `we moved it to 10`."""
        found = changes_in(core)
        if denied := found.get("not_so"):
            self.swaps.append((denied["old"], denied["new"]))
            self._add_all(f"{denied['what']} {denied['new']}", remembered=False)
            return True
        swap, made = found.get("not_but"), found.get("it_is")
        if swap and made and not any(swap["old"].lower() in one.text.lower() for one in self.facts):
            new = swap["new"] or core[made.end() : swap.start()]
            self.swaps.append((swap["old"], new.strip(" .,")))
        if (other := found.get("replaced")) and self._exchange(**other.groupdict()):
            return True
        if not self.facts:
            return False
        if swap and (made or not is_factual(core)) and self._correct(core):
            return True
        if made and not is_factual(core):
            return fits_in(self.facts[-1].text, core[made.end() :]) and self._correct(core)
        using, moved = found.get("using"), found.get("postponed")
        used = [tool for one in self.facts if (tool := CHANGE.used.search(one.text))]
        swaps = using and used and self._substitute(used[-1]["old"], using["new"])
        return bool(swaps or (moved and self._correct(core[moved.end() :], sure=True)))

    def _exchange(self, old: str, new: str) -> bool:
        """Read `I replaced it with a Pixel` as a change of the newest fact."""
        if old.lower() in PRONOUNS:
            last = self.facts[-1:]
            return any(self._replace(one, with_value(one.text, new)) for one in last)
        return self._substitute(CHANGE.article.sub("", old), CHANGE.article.sub("", new))

    def _add_all(self, text: str, *, remembered: bool) -> None:
        sold = ""
        for clause in clauses(as_told(text, "user")):
            if sold[:1].isupper() and (got := CHANGE.got_instead.match(clause)):
                self.swaps += [(f"a {sold}", got["new"]), (f"an {sold}", got["new"])]
                self.swaps.append((sold, got["bare"]))
            anchor = self._asked_about(clause) or (self.facts[-1] if self.facts else None)
            if gone := CHANGE.gone.match(clause):
                sold = gone["old"] or ""
                self.gone |= {*concepts(tokens(sold))}
                self._retire([] if gone["old"] else self.facts[-1:], None)
            fact = read(completed(clause, anchor), "user", remembered)
            if fact is None or (not remembered and small_talk(clause)):
                continue
            if refers_back(fact):
                fact = joined(anchor, fact)
            if anchor and "now" in fact.words and CHANGE.past.search(anchor.text):
                fact = replace(fact, maybe=fact.maybe | anchor.concepts & NAMED_TIMES)
            self._add(fact)

    def _asked_about(self, clause: str) -> Fact | None:
        """Return what `he` stands for after the user asked `Do you know what my dog is called?`."""
        thing = CHANGE.asked_thing.search(self.asked) if self.asked and not self.newest else None
        is_its = thing and thing["of"] and clause[:2].lower() == "it"  # it is their thing
        return read(f"{thing['thing']} is", "user") if thing and not is_its else None

    def _add(self, fact: Fact) -> None:
        signs = changes_in(fact.text)
        if "switch" in signs and self._switch(signs["switch"], fact):
            return
        keys = (*fact.slots, fact.spelling)
        old = [one for key in keys for one in self.settled.get(key, ())]
        if "over" in signs and not CHANGE.more_or_less.search(fact.text):
            about = self._about(subject_text(fact.clause))
            old += [one for one in about if one.words[0] in {"i", "we"}]
        if "state_now" in signs:
            going_on = (one for one in self.facts if CHANGE.going_on.search(one.text))
            subject = subject_text(fact.clause)
            old += [one for one in going_on if subject_text(one.clause) == subject]
        old = list(dict.fromkeys(old))
        if fact.negated or "like" in fact.concepts or not signs.keys().isdisjoint(ENDINGS):
            for one in [one for one in self.facts if one not in old and takes_back(fact, one)]:
                left = without_things(one.text, fact.concepts)
                old += [] if left and self._replace(one, left) else [one]
        self._retire(old, fact)
        self._append(fact)

    def _append(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.newest.append(fact)
        self._settle([fact])

    def _settle(self, facts: Sequence[Fact]) -> None:
        for fact, key in ((one, key) for one in facts for key in (*one.slots, one.spelling)):
            self.settled[key] = (*self.settled.get(key, ()), fact)

    def _retire(self, facts: Sequence[Fact], by: Fact | None) -> None:
        for fact in facts:
            self.facts.remove(fact)
            for key in (*fact.slots, fact.spelling):
                left = list(self.settled[key])
                left.remove(fact)
                self.settled[key] = tuple(left)
            self.changed += [(fact, by)] if by else []
            if by is None or fact.spelling != by.spelling:
                self.outdated.append((fact, by))

    def _switch(self, match: re.Match[str], fact: Fact) -> bool:
        """Read `we switched from A to B` as the older fact about A with B in its place."""
        new, old = match["new"].rstrip("."), match["old"]
        dated = new[:1].isdigit() or {"day", "month"} & {*categories(new)}
        moved_house = fact.words[0] == "i" or ("user", "live") in self.settled
        elsewhere = (dated and fact.slots) or ("live" in fact.concepts and moved_house)
        if not new or (elsewhere and not old):
            return False
        about = [one for one in self.facts if is_same_subject(fact, one)]
        if old:
            about = [one for one in about if old.lower() in one.text.lower()]
        elif fact.subject == "user":
            about = [one for one in about if not one.slots and CHANGE.tooled.search(one.text)]
        if not about:
            return False
        text = about[-1].text
        tool = CHANGE.used.search(text) if not old else None
        old = old or (tool["old"] if tool else None)
        return self._replace(about[-1], swapped(text, old, new) if old else with_value(text, new))

    def _substitute(self, old: str, new: str) -> bool:
        """Put one text for another in all that was told; False if nothing holds it."""
        self.swaps.append((old, new))
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

    def _correct(self, words: str, *, sure: bool = False) -> bool:
        """Read what corrects the newest fact without naming its subject; False if it does not."""
        words = CHANGE.last_words.sub("", expand(words))
        asked_for = best(query(self.asked), self.facts) if self.asked and not self.newest else []
        anchor = [self.facts[-1], *asked_for][-1]
        denied = CHANGE.not_but.search(words)
        if denied and denied["old"].lower() in anchor.text.lower():
            old, value = denied["old"], denied["new"]
            value = value or CHANGE.it_is.sub("", words[: denied.start()])
            alike = subject_text(value).lower() == subject_text(anchor.clause).lower()
            if alike and is_factual(value):
                old, value = old.removeprefix("a ").removeprefix("an "), value_of(value)
            value = CHANGE.valued.sub("", value)
            if not value.strip() or is_factual(value):
                return False
            counted = with_value(anchor.text, value) if value.lower().split()[0] in NUMBERS else ""
            return self._replace(anchor, counted or swapped(anchor.text, old, value))
        if (ends := CHANGE.ends_in.match(words)) and anchor.text.rstrip(" .!")[-1].isdecimal():
            kept = anchor.text.rstrip(" .!")[: -len(ends["end"])]
            return self._replace(anchor, f"{kept}{ends['end']}")
        stated = CHANGE.it_is.match(words)
        if not sure and stated is None and (is_factual(words) or kind(words) != "statement"):
            return False
        value = words[stated.end() :] if stated else words
        if stated and not fits_in(anchor.text, value):
            fitting = (one for one in reversed(self.facts) if fits_in(one.text, value))
            anchor = next(fitting, anchor)
        if not value.strip(" .!") or not (sure or is_factual(anchor.text)):
            return False
        return self._replace(anchor, with_value(anchor.text, value))
