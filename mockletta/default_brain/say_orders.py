"""Orders to say something: `Say 'hello'`, and what the system prompt demands of every reply."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.default_brain.sentences import kind, plain, sentences
from mockletta.default_brain.words import (
    concepts,
    expand,
    lexicon,
    pattern,
    remembered,
    tokens,
    word_set,
)

QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
FILLER = pattern("prompt.filler")
TAIL = pattern("prompt.tail")
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
FORMATS = lexicon("formats")
AFTER_COLON = pattern("prompt.after_colon")
AFTER_ME = pattern("prompt.after_me")
WITH = pattern("prompt.with")
SPOKEN = pattern("prompt.spoken")
SPOKEN_CASE = pattern("prompt.spoken_case")
SPOKEN_TAIL = pattern("prompt.spoken_tail")
NOT_SPOKEN = lexicon("not_spoken")
LONGEST = 20_000
TAIL_LENGTH = 200
MOST_SPOKEN = 12
LONGEST_SPOKEN = 300
MOST_SENTENCES = 12


def unquoted(text: str) -> str | None:
    """Return the inside of a text that is one quotation, else None."""
    text = text.strip()
    core = text if text[-1:] in {right for _, right in QUOTES} else text.rstrip(".!?")
    for left, right in QUOTES:
        if len(core) > 1 and core[0] == left and core[-1] == right:
            return core[1:-1]
    return None


def quotation(text: str) -> tuple[str, str] | None:
    """Return the quotation a text starts with and what follows it, else None."""
    for left, right in QUOTES:
        if text.startswith(left):
            end = text.find(right, 1)
            while end > 0 and right in "'\u2019" and text[end + 1 : end + 2].isalnum():
                end = text.find(right, end + 1)  # an apostrophe within a word
            return (text[1:end], text[end + 1 :]) if end > 0 else None
    return None


def literal(rest: str) -> str | None:
    """Return the text an order names after its verb, or None where it names none.

    Named is what stands in quotes, after a colon, after a noun like `the word`, or a single
    word in capitals.
    """
    rest = rest[:LONGEST]
    opening = FILLER.match(rest)
    assert opening is not None
    core = rest[opening.end() :].strip()
    if not core:
        return None
    if quoted := quotation(core):
        text, after = quoted
        return text if not after.strip(" .!?,") or TAIL.fullmatch(after[:TAIL_LENGTH]) else None
    core = core[:-TAIL_LENGTH] + TAIL.sub("", core[-TAIL_LENGTH:])
    return _worded(core, opening["noun"] or "", opening["mark"] == ":")


def _worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip(".!") if len(core.split()) < 4 else core
    word = text.lower()
    if marked or (core[0] in "{[" and core[-1] in "}]"):
        return text or None
    if not BARE_WORD.match(text) or (word in FORMATS and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None


@remembered
def echo(text: str) -> str | None:
    """Return what a message orders to be said word for word, or None without such an order."""
    whole = _echoed(plain(text))
    if whole is not None:
        return whole
    for count_, sentence in enumerate(sentences(text)):
        if count_ == MOST_SENTENCES:
            break
        found = _echoed(plain(sentence))
        if found is not None:
            return found
    return None


def _echoed(core: str) -> str | None:
    if match := AFTER_COLON.match(core) or AFTER_ME.match(core):
        inside = unquoted(match["rest"])
        return match["rest"].strip() if inside is None else inside
    if (match := WITH.match(core)) and (found := literal(match["rest"])) is not None:
        return found
    return _spoken(core)


def _spoken(core: str) -> str | None:
    match = SPOKEN.match(core) if len(core) < LONGEST_SPOKEN else None
    if not match:
        return None
    text = SPOKEN_TAIL.sub("", match["rest"]).rstrip(".!?")
    words = text.split()
    first = words[0].lower().strip(",.") if words else ""
    if not words or len(words) > MOST_SPOKEN or first in NOT_SPOKEN:
        return None
    if shaped := SPOKEN_CASE.search(text):
        text = text[: shaped.start()]
        return text.lower() if shaped["case"].lower().startswith("lower") else text.upper()
    return text


CONDITION = pattern("prompt.condition")
PREFIX = pattern("prompt.prefix")
FIXED = pattern("prompt.fixed")
STRONG = pattern("prompt.strong")
CASE = pattern("prompt.case")
ENDING = pattern("prompt.ending")
OPENING = pattern("prompt.opening")
ASKED_FOR = pattern("prompt.asked_for")
ASKING = frozenset(concepts(tokens("someone anyone user person human customer people asked asks")))
WHO = pattern("prompt.who")
SPECIFIC = re.compile(r"^(?!You\b)(?:[A-Z][\w'-]*)")
SOLE = 200


@dataclass(frozen=True, slots=True)
class Instructions:
    """The form of every reply: `fixed` replaces it, the others shape it.

    `on_demand` are replies to what is asked for, by its concepts; `who` is who the agent is.
    """

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    case: str = ""
    who: str = ""
    on_demand: tuple[tuple[frozenset[str], str], ...] = field(default=())

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        if self.opening and not text.startswith(self.opening):
            text = f"{self.opening} {text}"
        if self.ending and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return {"upper": text.upper(), "lower": text.lower()}.get(self.case, text)

    def demanded(self, text: str) -> str | None:
        """Return the reply that is laid down for what a message asks for; None for any other."""
        said = frozenset(concepts(tokens(expand(text[:LONGEST_SPOKEN]))))
        return next((reply for wanted, reply in self.on_demand if wanted and wanted <= said), None)


@lru_cache(maxsize=256)
def instructions(system: str) -> Instructions:
    """Read the orders of a system prompt; its `<tagged>` sections hold none."""
    text = own_instructions(system).strip()
    sole = len(text) <= SOLE
    lines = [line for line in sentences(text) if line]
    read = [line for line in lines if not CONDITION.search(line.split(":")[0])]
    return Instructions(
        fixed=_first(lambda line: _fixed(line, sole and len(lines) == 1), read),
        opening=_first(lambda line: _quoted_part(OPENING, line), read) or "",
        ending=_first(lambda line: _quoted_part(ENDING, line), read) or "",
        case=_first(_case, read) or "",
        who=_first(_who, lines) or "",
        on_demand=tuple(filter(None, map(_on_demand, lines))),
    )


def _first(find: Callable[[str], str | None], lines: list[str]) -> str | None:
    return next((found for line in lines if (found := find(line))), None)


def _fixed(line: str, sole: bool) -> str | None:
    match = FIXED.match(PREFIX.sub("", line))
    if not match or not (sole or STRONG.search(line)):
        return None
    return literal(match["rest"])


def _quoted_part(form: re.Pattern[str], line: str) -> str:
    match = form.search(line)
    return (literal(match["rest"]) or "") if match else ""


def _case(line: str) -> str:
    match = CASE.search(line) if STRONG.search(line) else None
    if not match:
        return ""
    return "lower" if "low" in match["case"].lower() else "upper"


def _who(line: str) -> str:
    match = WHO.match(line)
    if match is None or not (
        SPECIFIC.match(match["who"]) or " named " in line or " called " in line
    ):
        return ""
    return match["who"].rstrip(" .!")


def _on_demand(line: str) -> tuple[frozenset[str], str] | None:
    match = ASKED_FOR.match(line)
    reply = literal(match["rest"]) if match else None
    if match is None or reply is None:
        return None
    return frozenset(concepts(tokens(expand(match["case"])))) - ASKING, reply


TAGGED = re.compile(r"<([a-z_]{3,40})>")
INSTRUCTS = pattern("prompt.instructs")
MOST_TAGS = 100


def own_instructions(system: str) -> str:
    """Return a system prompt without its `<tagged>` sections, where memory is compiled."""
    pieces, position = [], 0
    for _ in range(MOST_TAGS):
        opened = TAGGED.search(system, position)
        if opened is None:
            break
        pieces.append(system[position : opened.start()])
        closing = f"</{opened[1]}>"
        end = system.find(closing, opened.end())
        position = end + len(closing) if end >= 0 else opened.end()
    return "\n".join([*pieces, system[position:]])


def told_instructions(system: str) -> str:
    """Return the sentences of a system prompt that tell something, without its orders."""
    lines = sentences(own_instructions(system))
    return "\n".join(
        line for line in lines if not INSTRUCTS.match(line) and kind(line) == "statement"
    )
