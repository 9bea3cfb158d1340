"""Text arguments: the phrases of an order, each given to the text or the list that it fits best.

A phrase becomes an argument only if something says that it is meant: the parameter's name before it
or in it, a preposition of the parameter's role, the place right behind the verb, or its look.
Without that an optional parameter is left out, and a required one is asked for, since a wrong call
is worse than a question.
"""

import re
from collections.abc import Sequence

from mockletta.default_brain.tool_calling.order_phrases import (
    NAMED,
    Phrase,
    blank_opening,
    code_in,
    items,
    phrases_of,
    split,
    trimmed,
)
from mockletta.default_brain.tool_calling.phrase_evidence import (
    NAMED_BEFORE,
    WEAK,
    evidence,
    is_named,
    is_only_text,
)
from mockletta.language.order_readings import (
    ARGUMENT,
    BLANK,
    QUOTED,
    Reading,
    outside_quotations,
    unquoted,
)
from mockletta.language.parameter_roles import (
    DIRECT,
    NAMED_THINGS,
    NAMING,
    PREPOSITIONS,
    WORDED,
    RoleParameter,
)
from mockletta.language.words import PERSONS, concept, tokens, word_set

CODE = re.compile(r"(?=[^\s\d]*[\d-])[\w.-]+")
OWN = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
LISTABLE = word_set("place person id to language list")


def read_phrases(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    blank_opening(read)
    takers = [one for one in read.open if one.is_text or one.is_list]
    if not takers:
        return
    _recall_place(read)
    phrases = phrases_of(takers, read)
    _share(takers, phrases, read)
    scored = sorted(
        (-score, place, index)
        for index, parameter in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := evidence(parameter, phrase, read)) >= (1 if parameter in read.required else 4)
    )
    due = {
        place
        for _, place, index in scored
        if takers[index] in read.required and "id" not in takers[index].roles
    }
    scored.sort(key=lambda one: one[1] in due and takers[one[2]] in read.optional and one[0] > -5)
    used: set[int] = set()
    for score, place, index in scored:
        if place not in used and takers[index] in read.open:
            used.add(place)
            read.guessed += -score < WEAK
            read.sure += -score >= NAMED_BEFORE
            _take(takers[index], _whole(takers[index], phrases, place, used, read), read)
    _recall_own(read)


def _whole(
    parameter: RoleParameter, phrases: list[Phrase], place: int, used: set[int], read: Reading
) -> Phrase:
    """Return a phrase with those behind it that belong to it: `Blue` and `in Green`."""
    phrase = phrases[place]
    apart = parameter.roles & {"person", "place", "date", "from", "to", "id"}
    if apart or parameter.kind == "array" or trimmed(parameter, phrase, read)[1] < phrase.end:
        return phrase
    for after in range(place + 1, len(phrases)):
        other = phrases[after]
        between = read.rest[phrase.end : other.start]
        fits = any(
            evidence(one, other, read) >= 1 + 3 * (one in read.optional)
            for one in read.open
            if one is not parameter
        )
        counted = any(map(str.isdigit, read.text[other.start : other.end]))
        fits = fits or (counted and any(one.is_number for one in read.open))
        if BLANK in between or not other.head or other.head in NAMING or fits or after in used:
            break
        if not read.tells(read.text[other.start : other.end]) or ARGUMENT.article.match(other.head):
            break
        used.add(after)
        phrase = phrase._replace(end=other.end)
    return phrase


def _take(parameter: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    start, end = trimmed(parameter, phrase, read)
    text = read.text[start:end]
    if parameter.kind == "array":
        listed = [
            _clean(parameter, one, read)
            for one in items(text)
            if read.tells(one) or one[:1].isupper()
        ]
        read.take(parameter, listed, (start, end))
        return
    parts = items(text) if _is_list(parameter, phrase, text, read) else [text]
    beside = re.search(r", (?=[a-z])", text) if phrase.head and not parameter.is_worded else None
    reasons = [one for one in read.open if "reason" in one.roles and one is not parameter]
    if beside and len(parts) == 1 and (reasons or not parameter.is_direct):
        parts = [text[: beside.start()]]
        for reason in reasons:
            read.take(reason, text[beside.end() :])
    if "id" in parameter.roles:
        codes = [code[0] if (code := code_in(one)) else one for one in parts]
        named = "name" in parameter.described and all(map(str.isdecimal, codes))
        parts = parts if named else codes
    values = [_bare(one, read) for one in parts] if len(parts) > 1 else parts
    for value in filter(None, values):
        read.take(parameter, _known(_clean(parameter, value, read), phrase, read))
    read.blank(start, end)


def _bare(part: str, read: Reading) -> str:
    """Return an item of a list without the tool's words before it: `the population of Mali`."""
    words = part.split()
    while len(words) > 1 and (words[0].lower() in PREPOSITIONS | {"the"} or read.knows(words[0])):
        words = words[1:]
    return " ".join(words)


def _clean(parameter: RoleParameter, text: str, read: Reading) -> str:
    """Return a value without its article, marks and noun: `billing` of `the billing service`."""
    if QUOTED.fullmatch(text.strip()):
        return unquoted(text.strip())
    text = ARGUMENT.article.sub("", text.strip())
    text = text.rstrip(".,;!? " if "(" in text else ".,;!?) ")
    is_list = parameter.roles & {"list", "id"}
    rest, _, last = text.rpartition(" ")
    noun = last.lower() in NAMED_THINGS and read.knows(last)
    text = rest if rest and (noun or (is_list and last.lower() in parameter.parts)) else text
    return (text.lstrip("#") or text) if is_list else text


def _known(text: str, phrase: Phrase, read: Reading) -> str:
    """Return the value that the user gave `my sister` earlier, or the name that follows it."""
    owned = re.search(r"\b(?:my|our)\s+$", read.text[: phrase.start], re.IGNORECASE)
    words = text.split()
    if not owned:
        return text
    if len(words) > 1 and concept(words[0]) in PERSONS and words[1][0].isupper():
        return " ".join(words[1:])
    whole = read.text[phrase.start : phrase.end].strip(" .,!?")
    return read.recall(whole) or read.recall(text) or text


def _is_list(parameter: RoleParameter, phrase: Phrase, text: str, read: Reading) -> bool:
    """Return whether a phrase is a list of values, for a call each."""
    parts = split(text) if " & " not in text else []
    if len(parts) > 1 and all(is_named(parameter, [one.lower()], read) for one in parts):
        return True
    if len(parts) < 2 or not is_only_text(parameter, read):
        return False
    alike = all(map(CODE.fullmatch, parts)) or all(map(QUOTED.fullmatch, parts))
    nouns = {one.split()[-1].lower() for one in parts}
    same = len(nouns) == 1 and concept(*nouns) in parameter.hints
    named = all(map(NAMED.fullmatch, parts)) and not parameter.is_worded
    things = parameter.roles & LISTABLE or not NAMED_THINGS.isdisjoint(parameter.parts)
    things = things or ("name" in parameter.roles and not NAMED_THINGS.isdisjoint(read.known))
    before = tokens(read.text[: phrase.start])
    each = phrase.head in ("", "of", "for") and not parameter.roles & {"topic", *WORDED}
    each = each and any(one.endswith("s") and one.islower() and read.knows(one) for one in before)
    return bool(alike or same or each or (named and not parameter.roles & DIRECT) or things)


def _recall_own(read: Reading) -> None:
    """Read `my branch` as the branch that was told, unless more is said beside the order."""
    alone = read.refers or len(read.text) == read.own
    texts = [one for one in read.open if one.is_text]
    for parameter in texts if alone and OWN.search(read.rest) else ():
        names = "|".join(map(re.escape, parameter.labels)) or r"\0"
        own = re.search(rf"\b(?:my|our) ({names})\b", read.rest, re.IGNORECASE)
        value = read.recall(own[1]) if own else ""
        if own and value and ("id" not in parameter.roles or code_in(value)):
            read.take(parameter, value, own.span())


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told."""
    match = next(outside_quotations(ARGUMENT.where, read.rest), None)
    texts = [one for one in read.open if one.is_text]
    places = [one for one in texts if not one.roles.isdisjoint(("place", "from", "to"))] or texts
    if match and places:
        read.blank(*match.span())
        beside = ARGUMENT.place.search(read.rest, read.own)
        if value := read.recall(match["where"] or " ".join(places[0].parts)):
            read.take(places[0], value)
        elif beside and not match["where"]:
            read.take(places[0], beside["place"], beside.span())


def _share(takers: Sequence[RoleParameter], phrases: Sequence[Phrase], read: Reading) -> None:
    """Share `between Rome and Oslo` out between where something begins and where it ends."""
    texts = [one for one in takers if one.is_text and not one.is_typed]
    ends = [one for role in ("from", "to") for one in texts if role in one.roles]
    for phrase in phrases if len(ends) == 2 else ():
        parts = items(read.text[phrase.start : phrase.end])
        if phrase.head in ("between", "with") and len(parts) == 2:
            for parameter, part in zip(ends, parts, strict=True):
                read.take(parameter, part, (phrase.start, phrase.end))
