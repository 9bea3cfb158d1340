"""System prompts: what they demand of every reply, and texts that an order names literally."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, reduce

from mockletta.brain.decisions import ModelCall
from mockletta.brain.history import own_instructions
from mockletta.default_brain.reply_forms import named_form, shaped
from mockletta.language.sentences import quotation, sentences
from mockletta.language.words import (
    as_sentence,
    concepts,
    expand,
    lexicon,
    patterns,
    rewritten,
    tokens,
    word_set,
)

PROMPT = patterns("prompt")
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
LANGUAGES = lexicon("formats")
TAIL_LENGTH = 200
LONGEST_LITERAL = 20_000


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
        return (
            text if not after.strip(" .!?,") or PROMPT.tail.fullmatch(after[:TAIL_LENGTH]) else None
        )
    core = core[:-TAIL_LENGTH] + PROMPT.tail.sub("", core[-TAIL_LENGTH:])
    return _worded(core, opening["noun"] or "", opening["mark"] == ":")


def _worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip(".!") if len(core.split()) < 4 else core
    word = text.lower()
    if marked or (core[0] in "{[" and core[-1] in "}]"):
        return text or None
    if not BARE_WORD.match(text) or (word in LANGUAGES and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None


ASKING = frozenset(concepts(lexicon("asking")))
SPECIFIC = re.compile(r" (?:named|called|at|of) |^[A-Z]")
SOLE = 200
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Instructions:
    """The form of every reply: `fixed` replaces it, the others shape it.

    `on_demand` are replies to what is asked for, by its concepts, `who` is who the agent is and
    `greeting` how it greets.
    """

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    forms: tuple[str, ...] = ()
    who: str = ""
    greeting: str = ""
    on_demand: tuple[tuple[frozenset[str], str], ...] = field(default=())

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        if self.opening and not text.startswith(self.opening):
            text = f"{self.opening} {text}"
        if self.ending and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return reduce(lambda told, form: shaped(form, told), self.forms, text)

    def demanded(self, text: str) -> str | None:
        """Return the reply that is laid down for what a message asks for; None for any other."""
        plainer = rewritten(expand(text[:LONGEST]), "demand")
        said = frozenset(concepts(tokens(plainer)))
        return next((reply for wanted, reply in self.on_demand if wanted and wanted <= said), None)


def instructions(call: ModelCall) -> Instructions:
    """Read the orders of a system prompt and of the persona block."""
    persona = (one.value for one in call.blocks if one.label == "persona")
    return read_orders(call.system, "\n".join(persona))


@lru_cache(maxsize=256)
def read_orders(system: str, persona: str = "") -> Instructions:
    """Read the orders of a system prompt and a persona. Their `<tagged>` sections hold none."""
    text = own_instructions(system).strip()
    sole = len(text) <= SOLE
    lines = [line for one in (text, persona) for line in sentences(one)]
    read = [line for line in lines if not PROMPT.condition.search(line.split(":")[0])]
    return Instructions(
        fixed=_first(lambda line: _fixed(line, sole and len(lines) == 1), read) if text else None,
        opening=_first(lambda line: _quoted_part(PROMPT.opening, line), read) or "",
        ending=_first(lambda line: _quoted_part(PROMPT.ending, line), read) or "",
        forms=tuple(filter(None, map(_form, read))),
        who=_first(_who, lines) or "",
        greeting=_first(lambda line: _quoted_part(PROMPT.greets, line), read) or "",
        on_demand=tuple(filter(None, [*map(_on_demand, lines), *map(_told_on_demand, lines)])),
    )


def _first(find: Callable[[str], str | None], lines: list[str]) -> str | None:
    return next((found for line in lines if (found := find(line))), None)


def _fixed(line: str, sole: bool) -> str | None:
    match = PROMPT.fixed.match(PROMPT.prefix.sub("", line))
    if not match or not (sole or PROMPT.strong.search(line)):
        return None
    return literal(match["rest"])


def _quoted_part(form: re.Pattern[str], line: str) -> str:
    match = form.search(line)
    return (literal(match["rest"]) or "") if match else ""


def _form(line: str) -> str:
    if PROMPT.brief.search(line):
        return "word"
    match = PROMPT.shaped.search(line)
    if match is None or (match.start() and not PROMPT.strong.search(line)):
        return ""
    return named_form(match)


def _who(line: str) -> str:
    match = PROMPT.who.match(line)
    if match is None or not (
        SPECIFIC.search(match["who"]) or re.search(" (?:named|called) ", line)
    ):
        return ""
    return match["who"].rstrip(" .!")


def _on_demand(line: str) -> tuple[frozenset[str], str] | None:
    match = PROMPT.asked_for.match(line)
    reply = literal(match["rest"]) if match else None
    if match is None or reply is None:
        return None
    return frozenset(concepts(tokens(expand(match["case"])))) - ASKING, reply


def _told_on_demand(line: str) -> tuple[frozenset[str], str] | None:
    """Read `If asked about X, tell them to Y` as a reply: `Please Y`."""
    match = PROMPT.tell.match(line)
    if match is None:
        return None
    reply = as_sentence(f"Please {match['rest']}" if match["to"] else match["rest"])
    return frozenset(concepts(tokens(expand(match["case"])))) - ASKING, reply
