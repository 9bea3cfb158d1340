"""Text arguments: the phrases of an order, each given to the text or the list that it fits best."""

import re
from collections.abc import Sequence

from mockletta.default_brain.tool_calling.order_phrases import (
    LISTED,
    NAMED,
    QUOTED,
    QUOTES,
    Phrase,
    joins,
    label_of,
    list_verbs,
    outside_quotations,
    phrases_of,
)
from mockletta.default_brain.tool_calling.phrase_evidence import (
    code_in,
    evidence,
    is_only_text,
)
from mockletta.language.order_reading import Reading, Span
from mockletta.language.parameter_roles import RoleParameter
from mockletta.language.typed_values import WORD
from mockletta.language.words import (
    ORDERS,
    concept,
    is_verb,
    lexicon,
    patterns,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
CODE = re.compile(r"(?=[^\s\d]*[\d-])[\w.-]+")
OWN = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
WEAK = 3
NAMED_THINGS = lexicon("named_things")
LISTABLE = word_set("place person id to language")


def read_phrases(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    _blank_opening(read)
    if not any(one.is_text or one.kind == "array" for one in read.open):
        return
    _recall_place(read)
    takers = [one for one in read.open if one.is_text or one.kind == "array"]
    phrases = list(phrases_of(takers, read))
    _share(takers, phrases, read)
    scored = sorted(
        (-score, index, place)
        for index, parameter in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := evidence(parameter, phrase, read)) >= (1 if parameter in read.required else 4)
    )
    used: set[int] = set()
    for score, index, place in scored:
        if place not in used and takers[index] in read.open:
            used.add(place)
            read.fitting += -score > 4
            read.guessed += -score < WEAK
            _take(takers[index], phrases[place], read)
            others = [one for place, one in enumerate(phrases) if place not in used]
            _add_further(takers[index], phrases[place], others, read)


def _blank_opening(read: Reading) -> None:
    """Blank what an order begins with: `could you`, its verb, `up`."""
    lead = ARGUMENT.lead.match(read.rest)
    start = lead.end() if lead else 0
    word = re.compile(rf"\s*({WORD.pattern})").match(read.rest, start)
    if word and (is_verb(word[1]) or word[1].lower() in ORDERS or concept(word[1]) in read.known):
        particle = ARGUMENT.particle.match(read.rest[word.end() :])
        start = word.end() + (particle.end() if particle else 0)
    read.blank(0, start)
    lists = frozenset().union(*map(list_verbs, read.open))
    for clause in outside_quotations(ARGUMENT.clause, read.rest):
        if clause["verb"] not in lists and (is_verb(clause["verb"]) or clause["verb"] in ORDERS):
            read.blank(*clause.span())


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told, `my branch` as that branch."""
    for parameter in [one for one in read.open if one.is_text] if OWN.search(read.rest) else ():
        own = re.search(rf"\b(?:my|our) ({'|'.join(parameter.names)})\b", read.rest, re.IGNORECASE)
        value = read.recall(own[1]) if own else ""
        if own and value and ("id" not in parameter.roles or code_in(value)):
            read.take(parameter, value, own.span())
    match = next(outside_quotations(ARGUMENT.where, read.rest), None)
    texts = [one for one in read.open if one.is_text]
    places = [one for one in texts if not one.roles.isdisjoint(("place", "from", "to"))] or texts
    if match and places:
        read.blank(*match.span())
        if value := read.recall(match["where"] or label_of(places[0].name)):
            read.take(places[0], value)


def _take(parameter: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    text = read.text[slice(*phrase.span)]
    if parameter.kind == "array":
        listed = [one for one in items(text) if not all(map(read.knows, tokens(one)))]
        read.take(parameter, listed, phrase.span)
        return
    start, end = _first(parameter, phrase.span, read)
    if "id" in parameter.roles and (code := code_in(read.text[start:end])):
        start, end = start + code.start(), start + code.end()
    text = read.text[start:end]
    if read.text[end : end + 1] not in ("'", '"', "`"):
        text = text.rstrip(".,;!? " if "(" in text else ".,;!?) ")
    text = _without_noun(parameter, text)
    owned = re.search(r"\b(?:my|our)\s+$", read.text[:start], re.IGNORECASE)
    value = (read.recall(text) or f"{owned[0]}{text}") if owned else text
    read.take(parameter, value, (start, end))


def _without_noun(parameter: RoleParameter, text: str) -> str:
    """Return `billing` of `billing service` for a service; a `front door` stays as it is."""
    is_list = parameter.roles & {"list", "id"}
    nouns = [one for one in parameter.parts if is_list or one in NAMED_THINGS]
    rest, _, last = text.rpartition(" ")
    text = rest.rstrip() if rest and last.lower() in nouns else text
    return (text.lstrip("#") or text) if is_list else text


def items(text: str) -> list[str]:
    """Return the parts of a list: `tea, milk and rice`."""
    parts = [QUOTED.sub(r"\1\2", one).strip(" .") for one in LISTED.split(text)]
    parts = [re.sub(r"^an? (?=[a-z])", "", one) for one in parts]
    return [one for one in parts if one]


def _first(parameter: RoleParameter, span: Span, read: Reading) -> Span:
    """Return the first item of a list, if the others are for calls of their own."""
    start, end = span
    text = read.text[start:end]
    before = next(iter(tokens(read.text[:start])[-1:]), "")
    several = before.endswith("s") and read.knows(before)
    several |= text[:1] in QUOTES or all(map(CODE.fullmatch, LISTED.split(text)))
    code = NAMED.match(text) or ARGUMENT.coded.match(text)
    listable = several or parameter.roles & LISTABLE or (not parameter.roles and code)
    joints = list(LISTED.finditer(text)) if listable and is_only_text(parameter, read) else []
    if not joints or read.text[start - 1 : start] in QUOTES:
        return span
    ends = [start + joint.start() for joint in joints[1:]] + [end]
    for joint, stop in zip(joints, ends, strict=True):
        item = ARGUMENT.article.sub("", read.text[start + joint.end() : stop])
        item = QUOTED.sub(r"\1\2", item.strip(" .,!?"))
        if not all(map(read.knows, filter(concept, tokens(item)))):
            read.add(parameter, item, (start + joint.start(), stop))
    inside = text[:1] in QUOTES
    return start + inside, start + joints[0].start() - inside


def _add_further(
    parameter: RoleParameter, taken: Phrase, others: Sequence[Phrase], read: Reading
) -> None:
    """Add further phrases for calls of their own: `for Rome and for Paris`."""
    for other in others if is_only_text(parameter, read) else ():
        before = read.text[taken.span[0] : other.span[0]].rstrip().removesuffix(other.head)
        if other.head == taken.head and joins(before, read):
            read.add(parameter, read.text[slice(*other.span)], other.span)


def _share(takers: Sequence[RoleParameter], phrases: Sequence[Phrase], read: Reading) -> None:
    """Share `between Rome and Oslo` out between where something begins and where it ends."""
    texts = [one for one in takers if one.is_text and not one.is_typed]
    ends = [one for role in ("from", "to") for one in texts if role in one.roles]
    for phrase in phrases if len(ends) == 2 else ():
        parts = items(read.text[slice(*phrase.span)])
        if phrase.head in ("between", "with") and len(parts) == 2:
            for parameter, part in zip(ends, parts, strict=True):
                read.take(parameter, part, phrase.span)
