"""Prompts: what a system prompt orders, `always end with X`, and who it says the agent is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.default_brain.lexicon import concepts
from mockletta.default_brain.sentences import kind, sentences
from mockletta.default_brain.wording import LONGEST_SPOKEN, literal
from mockletta.default_brain.words import expand, tokens

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
    """How every reply is to be: `fixed` replaces it, the others shape it.

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
