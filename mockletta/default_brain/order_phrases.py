"""Order phrases: the parts of an order behind its verb and its prepositions, and what they fit."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mockletta.language.amounts import LIMITING
from mockletta.language.order_reading import BLANK, PASSING, TIMELY, WHEN, Reading, Span
from mockletta.language.parameter_roles import DIRECT, HEADS, PREPOSITIONS, RoleParameter
from mockletta.language.typed_values import WORD
from mockletta.language.words import (
    FIRST_PERSON,
    NUMBERS,
    ORDERS,
    PERSONS,
    SILENT,
    categories,
    concept,
    is_verb,
    lexicon,
    patterns,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
QUOTED = re.compile(r"[\"“`]([^\"”`]+)[\"”`]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)")
LISTED = re.compile(r"\s*(?:,\s*and\b|,|\band\b)\s*")
OWN = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
NAMED = re.compile(r"(?:[A-Z0-9#][\w'\u2019.#&-]*)(?:\s+[A-Z0-9][\w'\u2019.&-]*)*")
PIECE = re.compile(r"(?:[^\0;!?.]|[;!?.](?!\s|$|\0)|(?<=\b[MD][rs])[.]|(?<=\bMrs)[.])+")
FIRST = re.compile(r"(?:and|also|then|just|only)\s+|[\w-]+['\u2019]?\s*", re.IGNORECASE)
LAST = re.compile(r"(?<![\w'\u2019-])[\w-]+['\u2019]?$")
JOINING = word_set("and also then just only")
IDLE = word_set(
    "please now thanks the a an in with for to and just only today tomorrow tonight at by also too "
    "results hits result most top first last under over below above than less more up him her them"
)
CHOOSING = LIMITING | word_set("next upcoming good nice best cheap quick")
SPOKEN = word_set("hello hi hey yes no thanks okay")
GIVEN_NAMES = lexicon("given_names")
LANGUAGE = concept("language")
LISTABLE = word_set("place person id to language")


class Phrase(NamedTuple):
    """A part of an order, and the preposition or the name of a parameter before it or after it."""

    head: str
    span: Span
    label: str = ""


def read_phrases(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    _blank_opening(read)
    if not any(one.is_text or one.kind == "array" for one in read.open):
        return
    _recall_place(read)
    takers = [one for one in read.open if one.is_text or one.kind == "array"]
    phrases = list(_phrases(takers, read))
    _share(takers, phrases, read)
    scored = sorted(
        (-score, index, place)
        for index, parameter in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := _score(parameter, phrase, read)) >= (1 if parameter in read.required else 4)
    )
    used: set[int] = set()
    for score, index, place in scored:
        if place not in used and takers[index] in read.open:
            used.add(place)
            read.fitting += -score > 4
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
    for clause in ARGUMENT.clause.finditer(read.rest):
        if is_verb(clause["verb"]) or clause["verb"] in ORDERS:
            read.blank(*clause.span())


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told, `my branch` as that branch."""
    for parameter in [one for one in read.open if one.is_text] if OWN.search(read.rest) else ():
        own = re.search(rf"\b(?:my|our) ({'|'.join(parameter.names)})\b", read.rest, re.IGNORECASE)
        value = read.recall(own[1]) if own else ""
        if own and value and ("id" not in parameter.roles or _code(value)):
            read.take(parameter, value, own.span())
    match = ARGUMENT.where.search(read.rest)
    texts = [one for one in read.open if one.is_text]
    places = [one for one in texts if not one.roles.isdisjoint(("place", "from", "to"))] or texts
    if match and places:
        read.blank(*match.span())
        if value := read.recall(match["where"] or label_of(places[0])):
            read.take(places[0], value)


@lru_cache(512)
def _head_form(labels: frozenset[str]) -> re.Pattern[str]:
    words = sorted(
        {*PREPOSITIONS, "between", *map(re.escape, labels)}, key=lambda one: (-len(one), one)
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w'\u2019-])", re.IGNORECASE)


def label_of(parameter: RoleParameter) -> str:
    """Return what a message calls a parameter: `due date` for due_date."""
    return parameter.name.lower().replace("_", " ")


def _phrases(takers: Sequence[RoleParameter], read: Reading) -> Iterator[Phrase]:
    """Yield the phrases of what is left of an order."""
    labels = frozenset(label_of(one) for one in takers if len(one.name) > 2)
    heads = labels.union(*(one.heads for one in takers))
    topical = [one for one in takers if "topic" in one.roles]
    others = labels.union(*(one.heads for one in takers if one not in topical))
    direct = frozenset({""}).union(*(one.heads for one in takers if one.is_direct))
    marks = list(_head_form(labels).finditer(read.rest))
    start, head = 0, ""
    for place, mark in enumerate(marks):
        before = read.rest[start : mark.start()]
        stop = marks[place + 1].start() if place + 1 < len(marks) else len(read.rest)
        goes_on = (
            head in direct
            and mark[0].lower() not in others
            and _tells(before, read)
            and _tells(read.rest[mark.end() : stop], read)
        )
        again = head == mark[0].lower() and _joins(before, read)
        if goes_on or (not again and _is_inside(mark, before, heads, read)):
            continue
        yield from _pieces(Phrase(head, (start, mark.start())), read)
        start, head = mark.end(), mark[0].lower()
    yield from _pieces(Phrase(head, (start, len(read.rest))), read)


def _tells(text: str, read: Reading) -> bool:
    """Whether a part of an order says more than that the tool is meant."""
    words = [word for word in tokens(text) if concept(word) and word not in PASSING]
    return BLANK not in text.strip() and not all(map(read.knows, words))


def _is_inside(mark: re.Match[str], before: str, heads: frozenset[str], read: Reading) -> bool:
    """Whether a preposition is part of a name, `Gone with the Wind`, or of a thing."""
    after = read.rest[mark.end() :].lstrip(" ")
    if mark[0].lower() not in PREPOSITIONS | {"between"}:
        first = next(iter(tokens(after[:40])), "")
        return not after[:1].isalnum() or first in PREPOSITIONS | IDLE
    words = tokens(before)
    if len(mark[0]) > 1 and mark[0].isupper():
        return True
    if any(quoted.start() < mark.start() < quoted.end() for quoted in QUOTED.finditer(read.rest)):
        return True
    if mark[0].lower() == "of":
        return any(concept(word) not in (None, *read.known) for word in words)
    after = re.sub(r"^(?:the|a|an) ", "", after)
    return bool(words and words[-1][0].isupper() and after[:1].isupper()) and mark[0] not in heads


def _pieces(phrase: Phrase, read: Reading) -> Iterator[Phrase]:
    """Cut a phrase at blanks and the ends of sentences, and trim what remains."""
    start = phrase.span[0]
    for piece in PIECE.finditer(read.rest[slice(*phrase.span)]):
        span = _trimmed(start + piece.start(), start + piece.end(), phrase.head, read)
        text = read.rest[slice(*span)]
        told = not all(map(read.knows, filter(concept, tokens(text))))
        if told or '"' in text or "'" in text or text.lower() in SPOKEN:
            yield phrase._replace(span=span)


def _trimmed(start: int, end: int, head: str, read: Reading) -> Span:
    """Return a span without articles, courtesies and, right behind the verb, the tool's words."""
    if quoted := QUOTED.search(read.rest, start, end):
        return quoted.span(quoted.lastindex or 0)
    while start < end:
        text = read.rest[start:end]
        begin, stop = _begin(text, start, head, read), _stop(text, head, read)
        if (begin, stop) == (0, len(text)):
            return start, end
        start, end = start + begin, start + stop
    return start, start


def _begin(text: str, start: int, head: str, read: Reading) -> int:
    """Return how much of a phrase to leave out at its beginning."""
    begin = len(text) - len(text.lstrip(" ,:-\n\t"))
    article = ARGUMENT.article.match(text[begin:])
    if article and not (start + begin and NAMED.match(text[begin:])):
        begin += article.end()
    first = FIRST.match(text[begin:])
    word = first[0].strip() if first else ""
    known = not head and _is_known(word, read) and not _describes(text[begin:], read)
    joins = word.lower() in JOINING or known
    return begin + first.end() if first and joins else begin


def _stop(text: str, head: str, read: Reading) -> int:
    """Return where a phrase ends without idle words, the tool's, and what somebody owns."""
    stop = len(text.rstrip(" ,:-\n\t"))
    last = LAST.search(text[:stop])
    if last and last.start() and (last[0] in IDLE or (not head and _drops(last[0], read))):
        before = text[: last.start()].rstrip()
        return len(before) - 2 * before.endswith(("'s", "\u2019s"))
    owner = re.search(r"['\u2019]s ([a-z]+)", text[:stop]) if head else None
    return owner.start() if owner and not read.knows(owner[1]) else stop


def _describes(text: str, read: Reading) -> bool:
    """Whether a text begins with an idle word that tells which one is meant: `back door`."""
    words = tokens(text[:80])[:2]
    nouns = frozenset().union(*(one.words for one in read.required if one.is_text))
    return len(words) == 2 and words[0] in PASSING - CHOOSING and concept(words[1]) in nouns


def _is_known(word: str, read: Reading) -> bool:
    return word in PASSING or (word.lower() not in GIVEN_NAMES and read.knows(word))


def _drops(word: str, read: Reading) -> bool:
    """Whether a word is the tool's: the `light` of `kitchen light`, not the `room` of a room."""
    own = any(concept(word) in one.words for one in read.every if one.is_text)
    return _is_known(word, read) and not own


def _score(parameter: RoleParameter, phrase: Phrase, read: Reading) -> int:
    """Return how well a phrase fits a text, by the evidence that it is meant; 0 if there is none.

    A required text also takes the one short phrase that nothing else explains.
    """
    text = read.text[slice(*phrase.span)]
    words = [word.lower() for word in tokens(text)]
    required = parameter in read.required
    personal = not FIRST_PERSON.isdisjoint(words)
    own = phrase.span[0] < read.own
    vague = int(required and own and len(words) < 5 and not personal and not _is_number(text))
    marked = text[:1] == "#" and not parameter.roles.isdisjoint(("list", "id"))
    if marked or phrase.head == label_of(parameter) or _is_named(parameter, words):
        return 8
    only = _is_only_text(parameter, read)
    if not parameter.roles.isdisjoint(("language", "currency", "unit")):
        return 0
    if parameter.is_timed:
        return 3 * (required and phrase.head in parameter.heads and bool(TIMELY.search(text)))
    if phrase.head:
        plain = only and not (vague or personal or TIMELY.search(text) or _is_number(text))
        return _score_behind(phrase.head, parameter, vague) or 4 * plain
    worded = required and parameter.roles & {"text", "title"}
    other = parameter.roles.isdisjoint(DIRECT) and WHEN.fullmatch(text)
    if other or (personal and not worded) or not (required or parameter.roles or only):
        return 0
    return _score_direct(text, parameter, vague) + (
        required and parameter.is_direct and parameter.is_text
    )


def _is_named(parameter: RoleParameter, words: Sequence[str]) -> bool:
    """Whether a phrase says what it is, `aisle seat`, or is an example of it: `red` of a color."""
    if len(words) > 1 and concept(words[-1]) in parameter.words:
        return parameter.is_text
    kinds = {kind for word in words for kind in categories(word)}
    called = parameter.words | ({LANGUAGE} if "language" in parameter.roles else set())
    return parameter.is_text and not called.isdisjoint(kinds)


def _is_only_text(parameter: RoleParameter, read: Reading) -> bool:
    """Whether no other text can be meant: none is required beside it, or there is no other."""
    required = [one for one in read.required if one.is_text]
    return (required or [one for one in read.every if one.is_text]) == [parameter]


def _score_direct(text: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase right behind the verb fits a text."""
    if text.lower() in SPOKEN:
        return 4 * (parameter.is_text and parameter.is_direct)
    if parameter.kind == "array" or "id" in parameter.roles:
        fits = LISTED.search(text) if parameter.kind == "array" else _code(text)
        return 5 if fits else vague
    if not parameter.roles.isdisjoint(("person", "to")):
        return 6 if _is_person(tokens(text), text) else vague
    return 4 if parameter.is_direct and not _is_number(text) else vague


def _score_behind(head: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase fits a text by the word that it stands behind."""
    if head in parameter.heads:
        return 7 if parameter.roles & {"from", "to"} else 6
    if head in HEADS["title"]:
        return 5 if parameter.is_direct else 0
    return 1 if parameter.kind == "array" else vague


def _is_number(text: str) -> bool:
    return text.isdecimal() or text.lower() in NUMBERS


def _code(text: str) -> re.Match[str] | None:
    """Find what looks like an id: an address, a path, a symbol in capitals, a number."""
    named = NAMED.search(text)
    return ARGUMENT.code.search(text) or (
        named if named and named[0].lower() not in SILENT else None
    )


def _is_person(words: Sequence[str], text: str) -> bool:
    return "@" in text or all(
        word[0].isupper() or word.lower() in GIVEN_NAMES or concept(word) in PERSONS
        for word in words[:3]
    )


def _take(parameter: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    text = read.text[slice(*phrase.span)]
    if parameter.kind == "array":
        read.take(parameter, items(text), phrase.span)
        return
    start, end = _first(parameter, phrase.span, read)
    if "id" in parameter.roles and (code := _code(read.text[start:end])):
        start, end = start + code.start(), start + code.end()
    text = read.text[start:end]
    if read.text[end : end + 1] not in ("'", '"', "`"):
        text = text.rstrip(".,;!? " if "(" in text else ".,;!?) ")
    if parameter.roles & {"list", "id"}:
        text = text.removesuffix(f" {parameter.parts[-1]}").lstrip("#") or text
    owned = re.search(r"\b(?:my|our)\s+$", read.text[:start], re.IGNORECASE)
    read.take(parameter, (read.recall(text) if owned else "") or text, (start, end))


def items(text: str) -> list[str]:
    """Return the parts of a list: `tea, milk and rice`."""
    parts = [QUOTED.sub(r"\1\2", one).strip(" .") for one in LISTED.split(text)]
    return [one for one in parts if one]


def _first(parameter: RoleParameter, span: Span, read: Reading) -> Span:
    """Return the first item of a list, if the others are for calls of their own."""
    start, end = span
    text = read.text[start:end]
    before = next(iter(tokens(read.text[:start])[-1:]), "")
    several = before.endswith("s") and read.knows(before)
    code = NAMED.match(text) or ARGUMENT.coded.match(text)
    listable = several or parameter.roles & LISTABLE or (not parameter.roles and code)
    joints = list(LISTED.finditer(text)) if listable and _is_only_text(parameter, read) else []
    if not joints or read.text[start - 1 : start] in ("'", '"'):
        return span
    ends = [start + joint.start() for joint in joints[1:]] + [end]
    for joint, stop in zip(joints, ends, strict=True):
        item = ARGUMENT.article.sub("", read.text[start + joint.end() : stop])
        item = item.strip(" .,!?")
        if not all(map(read.knows, filter(concept, tokens(item)))):
            read.add(parameter, item, (start + joint.start(), stop))
    return start, start + joints[0].start()


def _add_further(
    parameter: RoleParameter, taken: Phrase, others: Sequence[Phrase], read: Reading
) -> None:
    """Add further phrases for calls of their own: `for Rome and for Paris`."""
    for other in others if _is_only_text(parameter, read) else ():
        before = read.text[taken.span[0] : other.span[0]].rstrip().removesuffix(other.head)
        if other.head == taken.head and _joins(before, read):
            read.add(parameter, read.text[slice(*other.span)], other.span)


def _joins(text: str, read: Reading) -> bool:
    """Whether a text joins two values: `and`, `and the stock price`."""
    joint = LISTED.search(text)
    return joint is not None and all(map(read.knows, filter(concept, tokens(text[joint.end() :]))))


def _share(takers: Sequence[RoleParameter], phrases: Sequence[Phrase], read: Reading) -> None:
    """Share `between Rome and Oslo` out between where something begins and where it ends."""
    ends = [one for role in ("from", "to") for one in takers if role in one.roles and one.is_text]
    for phrase in phrases if len(ends) == 2 else ():
        parts = items(read.text[slice(*phrase.span)])
        if phrase.head in ("between", "with") and len(parts) == 2:
            for parameter, part in zip(ends, parts, strict=True):
                read.take(parameter, part, phrase.span)
