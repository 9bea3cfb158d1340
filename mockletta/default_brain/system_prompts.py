"""System prompts: what they demand of every reply, and texts that an order names literally."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, reduce

from mockletta.brain.decisions import ModelCall
from mockletta.brain.history import own_instructions, said_in, sent_texts
from mockletta.default_brain.reply_forms import named_form, opened, shaped
from mockletta.language.retelling import about_the_agent
from mockletta.language.sentences import is_factual, plain, quotation, sentences
from mockletta.language.words import (
    NEGATIVE,
    SECOND_PERSON,
    as_sentence,
    categories,
    concepts,
    expand,
    lexicon,
    number,
    patterns,
    remembered,
    rewritten,
    rows,
    stem,
    tokens,
    word_set,
)

CHANGE = patterns("change")
PROMPT = patterns("prompt")
SENTENCE = patterns("sentence")
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
LANGUAGES = lexicon("formats")
TAIL_LENGTH = 200
LONGEST_LITERAL = 20_000
ASKING = frozenset(concepts(lexicon("asking")))
SPECIFIC = re.compile(r" (?:named|called|at|of) |^[A-Z]")
SOLE = 200
LONGEST = 300
RECENT = 20
LONG_PROMPT = 20_000
"""The length from which prompts are too long for caching many of them."""
DECLINED = "Sorry, I can't talk about that."
TOPICS = [frozenset(map(stem, line.split())) for line in rows("topic").values()]
OPENINGS = {
    "Please ": "to", "Please tell me ": "asks", "The right place for that is ": "refers"
}  # fmt: skip
AGREED = "All right, I'll do that from now on."
Case = frozenset[str]


def literal(rest: str) -> str | None:
    """Return the text an order names after its verb, or None where it names none.

    Named is what stands in quotes, after a colon, after a noun like `the word`, or a single
    word in capitals.
    """
    rest = rest[:LONGEST_LITERAL]
    opening = PROMPT.filler.match(rest)
    assert opening is not None
    core = rest[opening.end() :].strip()
    if not core:
        return None
    if quoted := quotation(core):
        text, after = quoted
        ends = not after.strip(" .!?,") or PROMPT.tail.fullmatch(after[:TAIL_LENGTH])
        return text if ends else None
    core = core[:-TAIL_LENGTH] + PROMPT.tail.sub("", core[-TAIL_LENGTH:])
    return _worded(core, opening["noun"] or "", opening["mark"] == ":")


def _worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip("." if marked else ".!") if len(core.split()) < 4 else core
    word = text.rstrip("!").lower()
    if marked or (core.startswith(("{", "[")) and core.endswith(("}", "]"))):
        return text or None
    if not BARE_WORD.match(text) or (word in LANGUAGES and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a system prompt or the user orders for every reply. A `fixed` reply replaces any other.

    `on_demand` are replies to what is asked for, by its concepts, and `refused` what is not told.
    `topics` are the concepts of all there is to talk about, and `otherwise` is said to what is not
    understood or beside the topic. `who` is who the agent is, `greeting` how it greets, `greeted`
    whom by name and `address` how it addresses the user. `json` is the order to reply in JSON.
    """

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    forms: tuple[str, ...] = ()
    json: str = ""
    who: str = ""
    greeting: str = ""
    greeted: str = ""
    address: str = ""
    otherwise: str = ""
    topics: Case = frozenset()
    on_demand: tuple[tuple[Case, str], ...] = ()
    refused: tuple[Case, ...] = ()

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        text = reduce(lambda told, form: shaped(form, told), self.forms, text)
        if self.address and self.address.lower() not in text.lower():
            text = PROMPT.first_end.sub(rf"\1, {self.address}", text, count=1)
        if self.opening and not text.startswith(self.opening):
            text = opened(self.opening, text)
        asks = self.ending.endswith("?") and text.endswith("?")
        if self.ending and not asks and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return shaped(next((one for one in self.forms if one in ("upper", "lower")), ""), text)

    def demanded(self, text: str) -> str | None:
        """Return the reply that is laid down for what a message asks for; None for any other."""
        if not (self.refused or self.on_demand):
            return None
        said = _meant(text)
        denies = PROMPT.denies.match(expand(text[:LONGEST]))
        declined = DECLINED if any(wanted <= said for wanted in self.refused) else None
        cases = (one for one in self.on_demand if not denies or "not" in one[0])
        return next((reply for wanted, reply in cases if wanted <= said), declined)

    def is_beside(self, text: str) -> bool:
        """Return whether a message is beside the only topic there is to talk about."""
        if not self.topics:
            return False
        return self.topics.isdisjoint(_meant(text))


def _meant(text: str) -> Case:
    """Return the concepts of a message and their kinds, and `you` if it is about the agent."""
    words = tokens(rewritten(expand(text[:LONGEST]), "demand"))
    about = {"you"} if not SECOND_PERSON.isdisjoint(map(str.lower, words)) else set()
    return frozenset(concepts(words)).union(about, _denial(words), *map(categories, words))


def _denial(words: list[str]) -> Case:
    return frozenset({"not"} if not NEGATIVE.isdisjoint(words) else ())


def instructions(call: ModelCall) -> Instructions:
    """Read the orders of a system prompt, the persona block and the user."""
    persona = (one.value for one in call.blocks if one.label == "persona")
    recent = sent_texts(call.messages, RECENT)
    standing = [line for text in recent for line in _standing_in(text)]
    return read_orders(call.system, "\n".join(persona), "\n".join(reversed(standing)))


@remembered
def _standing_in(text: str) -> tuple[str, ...]:
    """Return the standing orders in the text of a message, as the client sent it."""
    return standing_orders(said_in(text))


@remembered
def standing_orders(text: str) -> tuple[str, ...]:
    """Return what a message orders for all replies `from now on`."""
    if len(text) > LONGEST or not PROMPT.henceforth.search(text):
        return ()
    found = [one for one in sentences(text) if PROMPT.henceforth.search(one)]
    orders = [CHANGE.henceforth.sub("", plain(one)) for one in found]
    return tuple(one for one in orders if read_orders("", "", one) != Instructions())


def agreement(text: str) -> str | None:
    """Return the reply to a message that only orders something for all replies; else None."""
    ordered = standing_orders(text)
    is_all = ordered and len(ordered) >= len([*sentences(text)])
    return AGREED if is_all and not SENTENCE.renamed.match(text) else None


def read_orders(system: str, persona: str = "", standing: str = "") -> Instructions:
    """Read the orders of a system prompt, a persona and the user, whose newest come first.

    Their `<tagged>` sections hold none. They name the conversation, so they are left out first.
    """
    text = _own_text(system)
    is_short = len(text) + len(persona) + len(standing) <= LONG_PROMPT
    return (_read_short if is_short else _read_long)(text, persona, standing)


def _uncached_own_text(system: str) -> str:
    """Return a prompt's own text."""
    return own_instructions(system).strip()


_own_text = remembered(_uncached_own_text, LONG_PROMPT, 256)


def _read_orders(text: str, persona: str, standing: str) -> Instructions:
    sole = len(text) <= SOLE
    plainer = (rewritten(one, "prompted") for one in (standing, text, persona))
    texts = (PROMPT.heading.sub("", one) for one in plainer)
    told = (line for one in texts for line in sentences(one))
    lines = [order for line in told for order in PROMPT.joined.split(line)]
    read = [line for line in lines if not PROMPT.condition.search(line.split(":")[0])]
    of_all = read if text or standing else []
    by_name = [one["each"] for line in lines if (one := PROMPT.by_name.search(line))]
    name = _first(lambda line: _part(PROMPT.user_name, line), lines if by_name else []) or ""
    opening = _first(lambda line: _quoted_part(PROMPT.opening, line), read) or ""
    greeting = _first(lambda line: _quoted_part(PROMPT.greets, line), lines)
    topic = _first(lambda line: _part(PROMPT.topic, line), lines) or ""
    declined = f"Sorry, I can only help with {topic}." if topic else ""
    return Instructions(
        fixed=_first(lambda line: _fixed(line, sole and len(lines) == 1), of_all),
        opening=opening,
        ending=_first(_ending, read) or "",
        forms=tuple(filter(None, map(_form, read))),
        json=next((line for line in read if PROMPT.json.search(line)), ""),
        who=_first(_who, lines) or "",
        greeting=greeting or (opening if opening.endswith("?") else ""),
        greeted=name,
        address=_first(_address, read) or (name if any(by_name) else ""),
        otherwise=_first(otherwise_in, lines) or declined,
        topics=_topics(topic, lines) if topic else frozenset(),
        on_demand=tuple(one for line in lines for one in _on_demand(line)),
        refused=tuple(one for line in lines for one in _refused(line)),
    )


_read_short, _read_long = lru_cache(256)(_read_orders), lru_cache(4)(_read_orders)


def _first(find: Callable[[str], str | None], lines: list[str]) -> str | None:
    return next((found for line in lines if (found := find(line))), None)


def _part(form: re.Pattern[str], line: str) -> str:
    match = form.search(line)
    return match["rest"].strip() if match else ""


def _quoted_part(form: re.Pattern[str], line: str) -> str:
    return literal(_part(form, line)) or ""


def _fixed(line: str, sole: bool) -> str | None:
    match = PROMPT.fixed.match(PROMPT.prefix.sub("", line))
    if not match or not (sole or PROMPT.strong.search(line)) or PROMPT.others.search(line):
        return None
    return literal(match["rest"])


def _ending(line: str) -> str:
    """Return what is to stand behind every reply."""
    return _quoted_part(PROMPT.ending, line) or _part(PROMPT.appended, line).strip("\"'“”")


def _topics(topic: str, lines: list[str]) -> Case:
    """Return the concepts of a topic: its own, those akin to it, those that the prompt names."""
    words = {stem(word) for word in tokens(topic.lower())}
    akin = [word for one in TOPICS if not one.isdisjoint(words) for word in one]
    told = [word for line in lines if not PROMPT.instructs.match(line) for word in tokens(line)]
    return frozenset(concepts([*tokens(topic), *akin, *told]))


def _form(line: str) -> str:
    if PROMPT.brief.search(line):
        return "word"
    if limited := PROMPT.limited.search(line):
        most = (number(limited["most"]) or 1) - bool(limited["below"])
        return f"{max(most, 1)} {limited['unit']}"
    match = PROMPT.shaped.search(line)
    if match is None or (match.start() and not PROMPT.strong.search(line)):
        return ""
    return named_form(match)


def _who(line: str) -> str:
    match = PROMPT.who.match(line)
    is_specific = match and (SPECIFIC.search(match["who"]) or re.search(" (?:named|called) ", line))
    return PROMPT.acts_too.sub("", match["who"]).rstrip(" .!\"'”") if match and is_specific else ""


def _address(line: str) -> str:
    rest = PROMPT.tail.sub("", _part(PROMPT.address, line)).rstrip(".!")
    quoted = quotation(rest)
    return quoted[0] if quoted else rest if 0 < len(rest.split()) < 4 else ""


def otherwise_in(line: str) -> str:
    """Return what a sentence orders to say to anything else, or if the answer is not known."""
    line = rewritten(line, "ordered")
    match = PROMPT.others.search(line)
    if match is None:
        return ""
    said = (line[one.end() :] for one in PROMPT.say.finditer(line, match.end()))
    replies = (literal(rest) or _told(rest) for rest in said)
    return next(filter(None, replies), "") or _conditional(line)[1]


def _on_demand(line: str) -> list[tuple[Case, str]]:
    """Read `If asked about X or Y, say Z`."""
    asked, reply = _conditional(rewritten(line, "ordered"))
    if not reply or PROMPT.others.search(line):
        return []
    return [(case, reply) for one in PROMPT.either.split(asked) if (case := _case(one))]


def _conditional(line: str) -> tuple[str, str]:
    """Return for what an order lays a reply down, and the reply: `Please Z` of `tell them to Z`."""
    told = PROMPT.tell.match(line)
    match = told or PROMPT.asked_for.match(line)
    if match is None:
        return "", ""
    reply = literal(match["rest"]) or ""
    if told:
        lead = next((lead for lead, name in OPENINGS.items() if told[name]), "")
        rest = rewritten(about_the_agent(told["rest"]), "told")
        reply = as_sentence(f"{lead}{rest}") if lead else _told(told["rest"])
    return match["case"], reply


def _told(rest: str) -> str:
    """Return a reply that is told as `that we are closed`."""
    text = PROMPT.that.sub("", rest).strip()
    return as_sentence(rewritten(about_the_agent(text), "told")) if is_factual(text) else ""


def _case(text: str) -> Case:
    asked = rewritten(expand(PROMPT.asker.sub("", text)), "demand")
    return frozenset(concepts(tokens(asked))) - ASKING | _denial(tokens(asked))


def _refused(line: str) -> list[Case]:
    """Read `Never reveal X`: whose and what is not to be told."""
    match = PROMPT.refuses.match(PROMPT.value.sub("", line))
    if match is None or PROMPT.others.search(line):
        return []
    whats = [(_case(one), one.startswith("your ")) for one in PROMPT.either.split(match["what"])]
    return [case | ({"you"} if is_own else set()) for case, is_own in whats if case]
