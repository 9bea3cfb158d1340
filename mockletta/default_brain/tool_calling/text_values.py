"""Text values: which phrase of an order goes to which text or list.

A phrase becomes an argument only if something says that it is meant: the parameter's name before it
or in it, a preposition of the parameter's role, the place right behind the verb, or its look.
Without that an optional parameter is left out, and a required one is asked for, since a wrong call
is worse than a question.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mockletta.default_brain.tool_calling.order_phrases import (
    BOUND,
    GIVEN_NAMES,
    Phrase,
    opening_end,
    parts_of,
    phrases_of,
    trimmed,
)
from mockletta.default_brain.tool_calling.order_readings import (
    ARGUMENT,
    PASSING,
    Reading,
    is_numeral,
    unquoted,
)
from mockletta.default_brain.tool_calling.parameter_roles import (
    DIRECT,
    NAMED_THINGS,
    NAMING,
    PREPOSITIONS,
    WORDED,
    RoleParameter,
    topic,
)
from mockletta.language.sentences import is_finite
from mockletta.language.words import (
    AUXILIARY,
    FIRST_PERSON,
    PERSONS,
    THIRD_PERSON,
    categories,
    concept,
    tokens,
    word_set,
)

NAMED = re.compile(
    r"[A-Z0-9#][\w'\u2019.#&-]*(?: (?:[A-Z0-9&][\w'\u2019.&-]*|de|da|van|von|der|of))*"
)
PRONOUNS = THIRD_PERSON | FIRST_PERSON | word_set("that this one")
SPOKEN = word_set("hello hi hey yes no thanks okay good bye night morning day")
LISTABLE = word_set("place person id to language list")
NOT_OF_PLACES = word_set("is are hi hello hey")
APART = word_set("person place date from to id")
LANGUAGE = topic("language")
CERTAIN, WEAK = 9, 5


def read_texts(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    read.blank(range(opening_end(read)))
    _recall_place(read)
    takers = [one for one in read.open if one.is_text or one.is_list]
    phrases = phrases_of(takers, read)
    claims = [
        (one not in read.takes.required and score < WEAK, -score, place, index)
        for index, one in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := evidence(one, phrase, read)) >= (1 if one in read.takes.required else 4)
    ]
    given: dict[int, RoleParameter] = {}
    for _, score, place, index in sorted(claims):
        if place not in given and takers[index] not in given.values():
            given[place] = takers[index]
            read.sure += -score >= CERTAIN
    for place, one in given.items():
        _take(one, _whole(one, phrases, place, given, read), read)
    _recall_own(read)


def code_in(text: str) -> re.Match[str] | None:
    """Find what looks like an id: an address, a path, a symbol in capitals, a number."""
    named = NAMED.search(text)
    code = ARGUMENT.plate.search(text) or ARGUMENT.code.search(text)
    return code or (named if named and concept(named[0]) else None)


# How well a phrase fits a text


class Look(NamedTuple):
    """What a phrase looks like as the value of a parameter.

    It is `many` if it is a list, `own` if it stands in the order itself, `named` if it looks like a
    name, and `vague` if a required text could mean it with nothing else to say so.
    """

    text: str
    words: list[str]
    kinds: set[str]
    head: str
    required: bool
    own: bool
    named: bool
    many: bool
    vague: bool


def evidence(one: RoleParameter, phrase: Phrase, read: Reading) -> float:
    """Return how well a phrase fits a text, by the evidence that it is meant; 0 if by none."""
    look = _look(one, phrase, read)
    beside = phrase.start >= read.own
    first = look.words[0] if len(look.words) == 1 else ""
    if not look.words or first in AUXILIARY or (beside and first and is_finite(first)):
        return 0
    new = [word for word in look.words if word not in PRONOUNS and not read.knows(word)]
    if not new and not one.is_worded and not PRONOUNS.isdisjoint(look.words):
        return 0
    stated = look.head in one.labels and ("id" not in one.roles or code_in(look.text))
    if stated or _is_named(one, tokens(read.span(phrase.start, phrase.end).lower()), read):
        return CERTAIN
    timely = not look.kinds.isdisjoint(("when", "relative"))
    titled = beside and look.head and any("title" in other.roles for other in read.takes.required)
    ends = not one.roles.isdisjoint(("place", "from", "to"))
    unfit = (
        one.is_timed or (one.is_typed and one.is_text),
        titled and not look.required,
        beside and "id" in one.roles and not any(map(str.isdigit, look.text)),
        timely and len(look.kinds) == 1 and (ends or not look.head),
        not _says(one, look, new, read),
    )
    if any(unfit):
        return 0
    return _behind(one, look, read) if look.head else _first(one, look, read)


def _says(one: RoleParameter, look: Look, new: Sequence[str], read: Reading) -> bool:
    """Return whether a phrase says more than what the tool does."""
    named = look.words[0] in GIVEN_NAMES or (look.named and not look.head and bool(new))
    spoken = one.is_worded and SPOKEN.issuperset(look.words)
    return named or spoken or "quoted" in look.kinds or look.head in NAMING or read.tells(look.text)


def _look(one: RoleParameter, phrase: Phrase, read: Reading) -> Look:
    start, end = trimmed(one, phrase, read)
    text = read.span(start, end)
    words = [word.lower() for word in tokens(text)]
    required = one in read.takes.required and read.low(phrase.end) != "one"
    own = phrase.start < read.own or read.beside.refers
    named = bool(words and NAMED.fullmatch(text)) and not is_numeral(words[0])
    told = not FIRST_PERSON.isdisjoint(words) or _is_number(words)
    vague = required and own and len(words) < 7 and not told
    kinds = {read.tokens[place].kind for place in range(start, end)}
    many = len(parts_of(start, end, read)) > 1
    return Look(text, words, kinds, phrase.head, required, own, named, many, vague)


def _behind(one: RoleParameter, look: Look, read: Reading) -> float:
    """Return how well what stands behind a preposition or a label fits a text."""
    person = _is_person(look.text)
    wants_person = "person" in one.roles
    if look.head in one.heads:
        rank = one.heads.index(look.head)
        strange = 2.5 * (wants_person and "id" not in one.roles and not person)
        likely = 0.5 * (_is_likely(one, look) + look.required) + (look.head in one.roles)
        likely += (2.5 if look.many else -1) * (one.kind == "array")
        return (7 - min(rank, 5) / 5 + likely - strange) * (
            look.own or (look.required and rank < 4)
        )
    if (wants_person and not person) or (person and one.is_worded and look.head == "to"):
        return 0
    return 4 if look.own and _is_only_text(one, read) else look.vague


def _first(one: RoleParameter, look: Look, read: Reading) -> float:
    """Return how well what stands right behind the verb fits a text."""
    personal = not FIRST_PERSON.isdisjoint(look.words)
    if not look.own or (personal and not one.is_worded):
        return 0
    quoted = "quoted" in look.kinds
    vague = look.vague or (quoted and look.required)
    score: float = vague
    if one.kind == "array":
        score = (6 if look.many else 2.5 * vague) + (2.5 if look.many else -vague)
    elif "id" in one.roles:
        score = 6 if code_in(look.text) else 2.5 * vague
    elif _is_number(look.words):
        return 0
    elif not one.roles.isdisjoint(("person", "to")):
        score = 6.5 if _is_person(look.text) else vague
    elif one.is_direct or (look.named and not one.roles.isdisjoint(("place", "device", "list"))):
        score = 4.5
    if score == 1 and _is_only_text(one, read):
        score = 4.2
    return score and (score + 0.1 * look.required + (quoted and one.is_direct))


def _is_likely(one: RoleParameter, look: Look) -> bool:
    nameable = ("person", "to", "from", "place", "by", "name")
    return look.named and not one.roles.isdisjoint(nameable)


def _is_named(one: RoleParameter, words: Sequence[str], read: Reading) -> bool:
    """Return whether a phrase says what it is, `aisle seat`, or is an example of it, `red`."""
    while len(words) > 2 and read.knows(words[-1]) and concept(words[-1]) not in one.words:
        words = words[:-1]
    named = len(words) > 1 and concept(words[-1]) in one.words and words[-1][-2:] != "ed"
    kinds = {kind for word in words if not read.knows(word) for kind in categories(word)}
    called = one.words | ({LANGUAGE} if "language" in one.roles else set())
    return one.is_text and (named or not called.isdisjoint(kinds))


def _is_only_text(one: RoleParameter, read: Reading) -> bool:
    """Return whether no other text can be meant: none is required beside it, or is there."""
    texts = [o for o in read.takes.every if o.is_text and not (o.is_typed or o.is_timed)]
    return ([o for o in texts if o in read.takes.required] or texts) == [one]


def _is_number(words: Sequence[str]) -> bool:
    return any(map(is_numeral, words)) and all(is_numeral(one) or one in PASSING for one in words)


def _is_person(text: str) -> bool:
    words = [one for one in tokens(text) if one.lower() not in FIRST_PERSON | {"and"}]
    return "@" in text or all(
        word[0].isupper() or word.lower() in GIVEN_NAMES or concept(word) in PERSONS
        for word in words[:3]
    )


# How a phrase becomes a value


def _whole(
    one: RoleParameter,
    phrases: Sequence[Phrase],
    place: int,
    given: dict[int, RoleParameter],
    read: Reading,
) -> Phrase:
    """Return a phrase with those behind it that belong to it: `Blue` and `in Green`."""
    phrase = phrases[place]
    is_apart = one.is_list or not one.roles.isdisjoint(APART)
    for after, other in enumerate(phrases[place + 1 :], start=place + 1):
        between = [read.low(at) for at in range(phrase.end, other.start)]
        broken = not all(between) or not BOUND.isdisjoint(between) or other.head in {"", *NAMING}
        told = read.tells(read.span(other.start, other.end))
        if is_apart or after in given or broken or not told:
            break
        phrase = phrase._replace(end=other.end)
    return phrase


def _take(one: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    start, end = trimmed(one, phrase, read)
    parts, whole = parts_of(start, end, read), read.span(start, end)
    read.blank(range(start, end))
    if one.kind == "array":
        told = [part for part in parts if read.tells(part) or part[:1].isupper()]
        read.take(one, [_clean(one, part, read) for part in told])
        return
    if end < phrase.end:
        whole = whole.removesuffix("'s").removesuffix("\u2019s")
    several = len(parts) > 1 and _is_list(one, phrase, parts, read)
    before, comma, after = whole.partition(", ")
    if comma and not several and not one.is_worded and phrase.head and after[:1].islower():
        reasons = [other for other in read.open if "reason" in other.roles and other is not one]
        whole = before if reasons or not one.is_direct else whole
        for reason in reasons:
            read.take(reason, after)
    for value in [_bare(part, read) for part in parts] if several else [whole]:
        cleaned = _clean(one, value, read)
        code = code_in(cleaned) if "id" in one.roles else None
        if code and not ("name" in one.described and code[0].isdecimal()):
            cleaned = code[0].lstrip("#")
        read.take(one, _known(cleaned, phrase, read))


def _bare(part: str, read: Reading) -> str:
    """Return an item of a list without the tool's words before it: `the population of Mali`."""
    words = part.split()
    while len(words) > 1 and (words[0].lower() in PREPOSITIONS | {"the"} or read.knows(words[0])):
        words = words[1:]
    return " ".join(words)


def _clean(one: RoleParameter, text: str, read: Reading) -> str:
    """Return a value without its article, marks and noun: `billing` of `the billing service`, and
    `Mei` of `does Mei have`."""
    if ARGUMENT.quoted.fullmatch(text):
        return unquoted(text)
    text = ARGUMENT.asked.sub(r"\1", ARGUMENT.article.sub("", text))
    text = text.rstrip(".,;!? " if "(" in text else ".,;!?) ")
    rest, _, last = text.rpartition(" ")
    text = rest if rest and last.lower() in NAMED_THINGS and read.knows(last) else text
    return (text.lstrip("#") or text) if one.roles & {"list", "id"} else text


def _is_list(one: RoleParameter, phrase: Phrase, parts: Sequence[str], read: Reading) -> bool:
    """Return whether a phrase is a list of values, for a call each."""
    if all(_is_named(one, [part.lower()], read) for part in parts):
        return True
    coded = all(re.fullmatch(r"(?=.*[\d-])\S+|[\"'`“].*", part) for part in parts)
    named = all(map(NAMED.fullmatch, parts)) and one.roles.isdisjoint(DIRECT)
    things = not one.roles.isdisjoint(LISTABLE) or not NAMED_THINGS.isdisjoint(one.parts)
    things = things or ("name" in one.roles and not NAMED_THINGS.isdisjoint(read.takes.known))
    before = tokens(read.text[: read.tokens[phrase.start].start])
    each = phrase.head in ("", "of", "for") and one.roles.isdisjoint(("topic", *WORDED))
    each = each and any(
        word.endswith("s") and word.islower() and read.knows(word) for word in before
    )
    return _is_only_text(one, read) and (coded or named or things or each)


# What was told before


def _known(text: str, phrase: Phrase, read: Reading) -> str:
    """Return the value that the user gave `my sister` earlier, or the name that follows it."""
    words = text.split()
    if phrase.start == 0 or read.tokens[phrase.start - 1].low not in ("my", "our"):
        return text
    if len(words) > 1 and concept(words[0]) in PERSONS and words[1][0].isupper():
        return " ".join(words[1:])
    return (
        read.beside.recall(read.span(phrase.start, phrase.end)) or read.beside.recall(text) or text
    )


def _recall_own(read: Reading) -> None:
    """Read `my branch` as the branch that was told, unless more is said beside the order."""
    alone = read.beside.refers or len(read.tokens) == read.own
    for place in range(1, len(read.tokens)) if alone else ():
        owned = read.tokens[place - 1].low in ("my", "our")
        for one in [one for one in read.open if one.is_text and owned]:
            end = read.label_end([one], place)
            value = read.beside.recall(read.span(place, end)) if end else ""
            code = code_in(value) if "id" in one.roles else None
            if value and ("id" not in one.roles or (code and code[0] == value)):
                read.take(one, value, place - 1, end)


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told."""
    texts = [one for one in read.open if one.is_text]
    places = [one for one in texts if not one.roles.isdisjoint(("place", "from", "to"))] or texts
    for place in range(len(read.tokens)) if places else ():
        before = read.low(place - 1)
        where = read.words(place, 2) in ("where i", "where we")
        there = read.low(place) in ("there", "here") and before not in NOT_OF_PLACES
        if where or there:
            end = min(place + (3 if where else 1), len(read.tokens))
            name = read.span(place, end) if where else " ".join(places[0].parts)
            read.blank(range(place - (before in PREPOSITIONS), end))
            if value := read.beside.recall(name):
                read.take(places[0], value)
            return
