"""Wording: what exactly is said: `say X`, `count to 10`, `what is 2 + 2`, `what time is it`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.default_brain.sentences import kind, plain, sentences
from mockletta.default_brain.words import concepts, expand, remembered, tokens, word_set

QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
FILLER = re.compile(
    r"^\s*(?:(?:(?:back|only|just|exactly|exclusively|simply|nothing but|always|in|with|by|saying|"
    r"to me|to (?:every|any|all|each)[\w ]{0,30}?(?=\s(?:with|by|using)\b)|using|a|an|the|this|"
    r"these|one|single|exact|following|literal|fixed|same|me|two|three|"
    r"verbatim)\b\s*))*(?P<noun>(?:words?|phrase|text|sentence|string|message|reply|response|"
    r"answer|token|letter|number|line|code|emoji|json(?: object)?)\b)?\s*(?P<more>(?:only|exactly|"
    r"verbatim|back(?: to me)?|and nothing else)\b\s*)?(?P<mark>[:,—\u2013=-]?)\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,.;]{0,3}\(?(?:and nothing (?:else|more)|nothing (?:else|more)|back(?: to me)?|to me|"
    r"please|for me|exactly(?: like that)?|verbatim|no matter what[\w ',]{0,80}|(?:to|for|in|at "
    r"the (?:end|start) of) (?:every|any|all|each)[\w ',]{0,80}|whatever[\w ',]{0,80}|"
    r"regardless[\w ',]{0,80}|and stop|only|again|aloud|out loud|if you (?:understand|are ready|"
    r"understood|got (?:it|that)|can (?:hear|read) (?:me|this)))\)?)+[\s.!?]*$",
    re.IGNORECASE,
)
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
FORMATS = word_set(
    "json xml html yaml sql csv markdown toml ascii latex english french german spanish"
)
AFTER_COLON = re.compile(
    r"^(?:repeat(?: after me)?|say(?: after me)?|echo|print|output|write|type|return|"
    r"parrot)(?:\s+(?:back|the following|this|exactly|only|just|to me|after me|text|sentence|"
    r"words?|phrase|the|message|verbatim|word for word)){0,6}\s*:\s*(?P<rest>\S[\s\S]*)$",
    re.IGNORECASE,
)
AFTER_ME = re.compile(r"^(?:repeat|say) after me[\s,—-]+(?P<rest>\S[\s\S]*)$", re.IGNORECASE)
WITH = re.compile(
    r"^(?:(?:always|only|just) )?(?:reply|respond|answer|say|echo|repeat|print|output|return|"
    r"write|type)\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
SPOKEN = re.compile(r"^(?:say|echo|repeat)\s+(?P<rest>\S(?:[^\n]*\S)?)\s*$", re.IGNORECASE)
SPOKEN_TAIL = re.compile(
    r"[,\s]+(?:(?:back )?to me|back|please|for me|exactly|aloud|out loud|and nothing "
    r"else)\s*[.!?]*$",
    re.IGNORECASE,
)
NOT_SPOKEN = word_set(
    """something anything it that this what my your his her their our nothing more again a an
    the one some you if when where who why how whether yourself them everything all hello-world"""
)
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
    return text


TAGGED = re.compile(r"<([a-z_]{3,40})>")
CONDITION = re.compile(
    r"\b(?:if|when|unless|once|until|whenever|after|before|for questions)\b", re.IGNORECASE
)
MODAL = (
    r"(?:you\s+(?:(?:must|should|shall|will|may|can|have to|need to|are to|are only allowed "
    r"to)\s+)?)?"
)
ADVERB = r"(?:(?:always|only|exclusively|just|ever|simply|exactly)\s+)*"
VERB = r"(?:respond|reply|answer|say|output|return|write|speak|print|send)"
PREFIX = re.compile(
    r"^(?:important:?|note:?|rules?:?|\W|(?:no matter|regardless of|whatever|"
    r"ignore)[^,.:]{0,80}[,:]\s*|(?:to|for) (?:every|any|all|each)[^,.:]{0,40}?(?:,\s*|"
    r"\s(?=(?:always|respond|reply|answer|say)\b))|from now on,?\s*|and\s+|please\s+|then\s+)++",
    re.IGNORECASE,
)
FIXED = re.compile(
    rf"^(?:{MODAL}{ADVERB}(?:must\s+)?{ADVERB}{VERB}\b|(?:your|every|each|all)(?: of)? (?:your |"
    rf"only |sole |every |entire )*(?:reply|replies|responses?|answers?|messages?)\s+(?:must|"
    rf"should|will|is|are)\b(?:\s+(?:always|only|be))*)(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"\b(?:always|only|must|exactly|exclusively|nothing but|no matter|regardless|whatever|every|"
    r"sole|single word|all)\b",
    re.IGNORECASE,
)
CASE = re.compile(
    rf"\b(?:{VERB}|talk|type|shout|use)\b[^.]{{0,60}}?\b(?P<case>(?:all[- ])?(?:upper[- ]?case|"
    rf"caps\b|capital letters|capitals)|(?:all[- ])?lower[- ]?case)",
    re.IGNORECASE,
)
REPLIES = (
    r"(?:(?:each|every|all|any)(?: of)?\s+|your\s+|the\s+|of\s+)*(?:repl(?:y|ies)|responses?|"
    r"answers?|messages?|sentences?)"
)
ENDING = re.compile(
    rf"\b(?:end|finish|conclude|close|sign(?: off)?)\s+(?:{REPLIES}\s+)?(?:with|by saying|by "
    rf"adding)\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
OPENING = re.compile(
    rf"\b(?:start|begin|open|prefix|preface)\s+(?:{REPLIES}\s+)?(?:with|by "
    rf"saying)\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
ASKED_FOR = re.compile(
    rf"^(?:if|when|whenever)\s+(?P<case>.+?)[,:]?\s+(?:then\s+|please\s+|you\s+(?:must|should)\s+|"
    rf"always\s+)*{VERB}\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
ASKING = frozenset(concepts(tokens("someone anyone user person human customer people asked asks")))
WHO = re.compile(
    r"^you (?:are|['\u2019]re) (?:called |named )?(?P<who>(?:the |an? )?[A-Z][\s\S]*)$",
    re.IGNORECASE,
)
SPECIFIC = re.compile(r"^(?!You\b)(?:[A-Z][\w'-]*)")
INSTRUCTS = re.compile(
    r"^(?:you (?:must|should|can|may|will|are to|have to|need to)|(?:always|never|do not|"
    r"don['\u2019]t|please|if|when|whenever|make sure|be|keep|use|act|avoid|try|help|your (?:task|"
    r"job|role|goal))\b)",
    re.IGNORECASE,
)
SOLE = 200
MOST_TAGS = 100


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
