"""Instructions: the orders of a system prompt about the form of every reply."""

import re
from dataclasses import dataclass
from functools import lru_cache

from mockletta.default_brain.literals import literal

TAGGED = re.compile(r"<([a-z_]{3,40})>")
CONDITION = re.compile(
    r"\b(?:if|when|unless|once|until|whenever|after|before|for questions)\b", re.IGNORECASE
)
MODAL = (
    r"(?:you\s+(?:(?:must|should|shall|will|may|can|have to|need to|are to|are only allowed to)"
    r"\s+)?)?"
)
ADVERB = r"(?:(?:always|only|exclusively|just|ever|simply|exactly)\s+)*"
VERB = r"(?:respond|reply|answer|say|output|return|write|speak|print|send)"
PREFIX = re.compile(
    r"^(?:important:?|note:?|rules?:?|\W|(?:no matter|regardless of|whatever|"
    r"ignore)[^,.:]{0,80}[,:]\s*|"
    r"(?:to|for) (?:every|any|all|each)[^,.:]{0,40}?(?:,\s*|\s(?=(?:always|respond|reply|answer|"
    r"say)\b))|from now on,?\s*|and\s+|please\s+|then\s+)++",
    re.IGNORECASE,
)
FIXED = re.compile(
    rf"^(?:{MODAL}{ADVERB}(?:must\s+)?{ADVERB}{VERB}\b|(?:your|every|each|all)(?: of)? (?:your |"
    rf"only |sole |every |"
    r"entire )*(?:reply|replies|responses?|answers?|messages?)\s+(?:must|should|will|is|"
    r"are)\b(?:\s+(?:always|only|be))*)"
    r"(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"\b(?:always|only|must|exactly|exclusively|nothing but|no matter|regardless|whatever|every|"
    r"sole|single word)\b",
    re.IGNORECASE,
)
SHOUT = re.compile(
    rf"\b(?:{VERB}|talk|type|shout|use)\b[^.]{{0,60}}?\b(?P<case>(?:all[- ])?(?:upper[- ]?case|"
    rf"caps\b|"
    r"capital letters|capitals)|(?:all[- ])?lower[- ]?case)",
    re.IGNORECASE,
)
REPLIES = (
    r"(?:(?:each|every|all|any)(?: of)?\s+|your\s+|the\s+|of\s+)*"
    r"(?:repl(?:y|ies)|responses?|answers?|messages?)"
)
ENDING = re.compile(
    rf"\b(?:end|finish|conclude|close|sign(?: off)?)\s+(?:{REPLIES}\s+)?(?:with|by saying|by "
    rf"adding)\b"
    r"(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
OPENING = re.compile(
    rf"\b(?:start|begin|open|prefix|preface)\s+(?:{REPLIES}\s+)?(?:with|by "
    rf"saying)\b(?P<rest>[\s\S]*)$",
    re.IGNORECASE,
)
LINE_END = re.compile(r"\n+|(?<=[.!])\s+(?=[A-Z])")
SOLE = 200
MOST_TAGS = 100


@dataclass(frozen=True, slots=True)
class Orders:
    """How every reply is to be: `fixed` replaces it, the others shape it."""

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    case: str = ""

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        if self.opening and not text.startswith(self.opening):
            text = f"{self.opening} {text}"
        if self.ending and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return {"upper": text.upper(), "lower": text.lower()}.get(self.case, text)


@lru_cache(maxsize=256)
def orders(system: str) -> Orders:
    """Read the orders of a system prompt; its memory blocks and other tagged parts give none."""
    text = own_words(system).strip()
    sole = len(text) < SOLE
    lines = [line.strip() for line in LINE_END.split(text) if line.strip()]
    read = [line for line in lines if not CONDITION.search(line.split(":")[0])]
    return Orders(
        fixed=next(
            (found for line in read if (found := fixed(line, sole and len(lines) == 1))), None
        ),
        opening=next((found for line in read if (found := quoted_part(OPENING, line))), ""),
        ending=next((found for line in read if (found := quoted_part(ENDING, line))), ""),
        case=next((found for line in read if (found := case(line))), ""),
    )


def own_words(system: str) -> str:
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


def fixed(line: str, sole: bool) -> str | None:
    core = PREFIX.sub("", line)
    match = FIXED.match(core)
    if not match or not (sole or STRONG.search(line)):
        return None
    return literal(match["rest"])


def quoted_part(form: re.Pattern[str], line: str) -> str:
    match = form.search(line)
    return (literal(match["rest"]) or "") if match else ""


def case(line: str) -> str:
    match = SHOUT.search(line) if STRONG.search(line) else None
    if not match:
        return ""
    return "lower" if "low" in match["case"].lower() else "upper"
