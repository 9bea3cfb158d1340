"""Questions: what a sentence wants to know, and which facts answer it."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from mockletta.default_brain.clause_meaning import PHRASES
from mockletta.default_brain.facts import asks_for_return
from mockletta.default_brain.sentences import kind, plain, sentences
from mockletta.default_brain.words import (
    BE,
    FIRST_PERSON,
    NEGATIVE,
    SECOND_PERSON,
    concept,
    concepts,
    expand,
    is_category,
    is_verb,
    remembered,
    tokens,
)

Wants = Literal["time", "place", "number", "reason", "polar", "thing"]
NamePart = Literal["", "first", "last"]
LEAD_IN = re.compile(
    r"^(?:(?:do|can|could|would|will) you (?:still |also |please |even )*(?:tell me|remind me(?: "
    r"of)?|remember|recall|know|say|repeat|name)|tell me|remind me(?: of)?|give me|show me|list|"
    r"recall|name|describe|say|repeat|state|spell|return|output|print|i (?:forgot|forget|have "
    r"forgotten|wonder|do not (?:remember|recall|know)|want to know|would like to know)|any idea|"
    r"have i (?:told|mentioned to) you|did i (?:ever )?(?:tell you|mention)|are you aware(?: "
    r"of)?)\b(?:\s+(?:again|please|if|whether|all|that))*[\s,:]*",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"(?:,\s*)?\b(?:according to|based on|as per|given|from|in|out of)\s+(?:your|the|my|our|this|"
    r"what)(?:\s+(?:core|own|long-term|persistent))?\s+(?:memory(?:\s+blocks?)?|memories|notes|"
    r"conversation|chat|discussion|i (?:said|told you)|you (?:know|remember))\b|\b(?:that |which "
    r")?you (?:know|remember)(?: of)?\b",
    re.IGNORECASE,
)
MENTION = re.compile(
    r"\b(?:(?:did|do|have|had|that|which) )?(?:i|we) (?:(?:just|ever|already|previously|earlier|"
    r"first|last|once|have|had) )*(?P<verb>ask|asked|tell|told|give|gave|given|say|said|mention|"
    r"mentioned|share|shared|provide|provided|send|sent|want|wanted|teach|taught)\b(?: (?:with |"
    r"to )?you\b(?! (?:am|are|is)\b))?(?P<keep> to (?:remember|memori[sz]e|keep|note|store|save|"
    r"recall|hold|learn)\b)?(?: (?:that|is|was)\b)?",
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r"\b(?:that |which )?(?:you|it|the tool) (?:just )?(?:got|found|received|fetched|looked up|"
    r"retrieved|returned)\b|\b(?:again|once more)\b",
    re.IGNORECASE,
)
SHOULD_KEEP = re.compile(
    r"\b(?:you|to) (?:should |must |are to )?(?:remember|memori[sz]e|recall)\b", re.IGNORECASE
)
PART = re.compile(r"\s*(?:,\s*(?:and|or|plus)?|\b(?:and|plus|as well as)\b|&)\s+", re.IGNORECASE)
OWNER = re.compile(
    r"\b(?:my|our|your|the|his|her)(?:\s+[\w-]{1,30}['\u2019]s)?(?=\s)", re.IGNORECASE
)
OF_TAIL = re.compile(r"\b(?:of|for) (?:my|our|your|the) [\w'\u2019 -]{1,60}$", re.IGNORECASE)
TIMES = re.compile(
    r"^(?:when|(?:what|which|at what|on what|on which|until what)\s+(?:time|day|date|year|month))\b"
)
PLACE = re.compile(r"^(?:(?:from|to|in) )?where\b")
NUMBER = re.compile(r"^how (?:many|much|old|tall|long|far|big|heavy)\b")
KIND = re.compile(
    r"^(?:(?:in|on|at|from|to|for) )?(?:what|which) (?:kind of |sort of |type of )?([\w -]+?) "
    r"(?:do|does|did|am|is|are|was|were|have|has|had|can|could|should|will|would) ",
    re.IGNORECASE,
)
KIND_OF = re.compile(r"\b(?:kind|sort|type)s? of (?=\w)", re.IGNORECASE)
UNTIL = re.compile(
    r"^how (?:long|many (?:days|weeks|months))(?: (?:is it|are there|left|do (?:i|we) have))* "
    r"(?:until|till|to|before) ", re.IGNORECASE
)  # fmt: skip
HOW_LONG = re.compile(r"^how long (?:have|has|had|did|do|does|was|were|is|are) ", re.IGNORECASE)
ASKED_NOUN = re.compile(
    r"^(?:(?:in|on|at|from|to|for) )?(?:what|which) (?:kind of |sort of |type of )?([\w-]+) "
    r"(?!is\b)"
)
DOES_FOR_WORK = re.compile(
    r"\bdo i do\b(?:\s+for (?:a living|work|money))?(?!\s+(?:on|at|in|after|with|to))",
    re.IGNORECASE,
)
THEY_DO = re.compile(
    r"^what (?:does|do) (?!i\b|you\b)(\S.*?) do(?: for (?:a living|work|money))?\W*$", re.IGNORECASE
)
WHO_AM_I = re.compile(r"^(?:who (?:am i|i am)|what am i called)$")
PLURAL = re.compile(r"^(?:what|which) \w+[^s\W]s(?: (?:do|did|have|are|am)\b|$)", re.IGNORECASE)
NAME_PART = re.compile(r"\b(?:(first|given|last|family)[ -]?name|(sur)name)\b", re.IGNORECASE)
THE_USER = re.compile(r"\bthe user('s)?(?=\W|$)", re.IGNORECASE)
EMAIL_ADDRESS = re.compile(r"\b(e-?mail) address", re.IGNORECASE)
WH = re.compile(r"^(?:what|where|when|why|how|who|which)\b", re.IGNORECASE)
LONGEST = 500
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Query:
    """One thing asked. `text` is its wording without lead-ins like `can you tell me`; `noun` what
    kind of thing is asked for, as in `which gate`."""

    text: str
    concepts: tuple[str, ...]
    owner: Literal["user", "agent", "other"]
    acting: bool
    wants: Wants
    negated: bool
    kept: bool
    returned: bool = False
    noun: str = ""
    nouns: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    name_part: NamePart = ""

    @property
    def about(self) -> bool:
        """Whether it asks for everything there is to say, not for one answer."""
        plural = bool(PLURAL.match(self.text)) or (
            "like" in self.concepts and "favorite" not in self.concepts
        )
        return self.wants != "polar" and (plural or " about " in f" {self.text.lower()} ")

    @property
    def possesses(self) -> bool:
        return not {"my", "our"}.isdisjoint(self.text.lower().split())


def asked(text: str) -> list[str]:
    """Return the sentences of a message that ask something."""
    return [sentence for sentence in sentences(text) if kind(sentence) == "question"]


@remembered
def query(sentence: str) -> Query:
    """Read one question."""
    core = without_lead_in(sentence)
    returned = asks_for_return(sentence)
    kept = bool(SHOULD_KEEP.search(core)) or any(m["keep"] for m in MENTION.finditer(core))
    core = UNTIL.sub("when does ", KIND_OF.sub("", core))
    core = THE_USER.sub(lambda match: "my" if match[1] else "me", core)
    core = EMAIL_ADDRESS.sub(r"\1", MENTION.sub(" ", ASIDE.sub(" ", RECEIVED.sub(" ", core))))
    core = THEY_DO.sub(r"what is the job of \1", DOES_FOR_WORK.sub("is my job", core))
    core = " ".join(core.split()).strip(" ?!.,")
    meant = core
    for form, plainer in PHRASES:
        meant = form.sub(plainer, meant)
    words = tokens(meant)
    lower = [word.lower() for word in words]
    if HOW_LONG.match(core):
        lower = [word for word in lower if word != "long"]
    found = ("name",) if WHO_AM_I.match(core.lower()) else concepts(lower)
    if PLACE.match(core.lower()) and "from" in lower and {"i", "my", "you", "your"} & set(lower):
        found = tuple(dict.fromkeys((*(one for one in found if one != "com"), "origin")))
    part = NAME_PART.search(core)
    noun = ASKED_NOUN.match(core.lower())
    return Query(core, found, owner(lower), acting(lower), wants(core.lower(), lower),
                 not NEGATIVE.isdisjoint(lower[lower[:1] == ["no"]:]), kept, returned,
                 (concept(noun[1]) or "") if noun else "",
                 _kind_asked_for(core), frozenset(concepts(w for w in lower if is_verb(w))),
                 name_part_of(part))  # fmt: skip


def _kind_asked_for(core: str) -> frozenset[str]:
    """Return what kind of thing is asked for, unless the lexicon knows which things are of it."""
    match = KIND.match(core)
    found = frozenset(concepts(tokens(match[1]))) if match else frozenset()
    return frozenset() if any(map(is_category, found)) else found


def name_part_of(match: re.Match[str] | None) -> NamePart:
    if match is None:
        return ""
    return "first" if (match[1] or "").lower() in {"first", "given"} else "last"


def without_lead_in(sentence: str) -> str:
    """Return a question without `can you tell me` and the like."""
    core = plain(expand(sentence[:LONGEST])).strip(" ?!.")
    for _ in range(3):
        core = LEAD_IN.sub("", core, count=1)
    return core


def parts(asked_for: Query) -> list[Query]:
    """Return the several things one question asks: `my name and age` is `my name`, `my age`."""
    pieces = [piece for piece in PART.split(asked_for.text) if piece.strip()][:MOST_PARTS]
    if len(pieces) < 2:
        return []
    first_owner = OWNER.search(pieces[0])
    prefix = first_owner[0] if first_owner else ""
    tail = OF_TAIL.search(pieces[-1])
    suffix = f" {tail[0]}" if tail and not OWNER.search(pieces[0][4:].replace("the ", "")) else ""
    whole = [pieces[0] + suffix if tail else pieces[0]]
    whole += [piece if has_owner(piece) else f"{prefix} {piece}" for piece in pieces[1:]]
    return [found for found in map(query, whole) if found.concepts]


def choices(asked_for: Query) -> list[Query]:
    """Return what a question lets one choose from: `Do I use tabs or spaces?` has two."""
    first, *others = re.split(r",?\s+or\s+", asked_for.text)
    lead = first.rsplit(" ", 1)[0] if " " in first else ""
    pieces = [first, *(f"{lead} {one}".strip() for one in others)] if others else []
    return [replace(found, wants="thing") for found in map(query, pieces) if found.concepts]


def has_owner(piece: str) -> bool:
    return not (FIRST_PERSON | SECOND_PERSON | {"the", "his", "her"}).isdisjoint(
        word.lower() for word in tokens(piece)
    )


def owner(lower: list[str]) -> Literal["user", "agent", "other"]:
    if not FIRST_PERSON.isdisjoint(lower):
        return "user"
    return "agent" if not SECOND_PERSON.isdisjoint(lower) else "other"


def acting(lower: list[str]) -> bool:
    return not {"i", "we"}.isdisjoint(lower) and {"my", "our"}.isdisjoint(lower)


def wants(core: str, lower: list[str]) -> Wants:
    forms: tuple[tuple[re.Pattern[str], Wants], ...] = (
        (TIMES, "time"), (PLACE, "place"), (NUMBER, "number"), (re.compile("^why"), "reason"),
    )  # fmt: skip
    for form, result in forms:
        if form.match(core):
            return result
    polar = BE | {"do", "does", "did", "have", "has", "had", "can", "could", "will", "would"}
    return "polar" if lower and lower[0] in polar else "thing"
