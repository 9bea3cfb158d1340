"""Order phrases: the parts of an order, cut at its prepositions and trimmed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mockletta.language.clause_meaning import RELATIVE_DAYS
from mockletta.language.order_reading import (
    BLANK,
    DIRECT,
    HEADS,
    PASSING,
    PREPOSITIONS,
    TIMELY,
    WHEN,
    Reading,
    RoleParameter,
    Span,
    is_number,
)
from mockletta.language.typed_values import LIMITING
from mockletta.language.words import (
    FIRST_PERSON,
    NUMBERS,
    PERSONS,
    SILENT,
    categories,
    concept,
    expand,
    lexicon,
    patterns,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
QUOTED = re.compile(
    r"[\"“`]((?<=`)[^`]+(?=`)|(?<=[\"“])[^\"”]+(?=[\"”]))[\"”`]|(?<!\w)['\u2018]([^'\u2019]+)['\u2019](?!\w)"
)
QUOTES = tuple("'\"`\u201c\u2018")
LISTED = re.compile(r"\s*(?:,\s*and\b|,|\band\b)\s*")
NAMED = re.compile(r"(?:[A-Z0-9#][\w'\u2019.#&-]*)(?:\s+[A-Z0-9][\w'\u2019.&-]*)*")
PIECE = re.compile(
    r"(?:\"[^\"\0]{2,}\"|`[^`\0]{2,}`|(?<!\w)'[^'\0]{2,}'(?!\w)|[^\0;:!?.]|[;:!?.](?!\s|$|\0)|(?<=\b[MD][rs])[.]|(?<=\bMrs)[.])+"
)
FIRST = re.compile(r"(?:and|also|then|just|only)\s+|[\w-]+['\u2019]?\s*", re.IGNORECASE)
LAST = re.compile(r"(?<![\w'\u2019-])[\w-]+['\u2019]?$")
JOINING = word_set("and also then just only")
LONGEST_WORD = 100
IDLE = lexicon("idle")
CHOOSING = LIMITING | word_set("next upcoming good nice best cheap quick")
GIVEN_NAMES = lexicon("given_names")


SPOKEN = word_set("hello hi hey yes no thanks okay")
QUESTION_VERBS = word_set("do does did is are was were")


class Phrase(NamedTuple):
    """A part of an order, and the preposition or the name of a parameter before it or after it."""

    head: str
    span: Span


@lru_cache(512)
def _beginnings(labels: frozenset[str], verbs: frozenset[str]) -> re.Pattern[str]:
    """Compile what begins a phrase: a preposition, a parameter's name, or a verb of a list."""
    words = map(re.escape, labels | PREPOSITIONS | {"between"})
    either = "|".join(sorted(words, key=lambda one: (-len(one), one)))
    if verbs:
        filling = "|".join(map(re.escape, sorted(verbs)))
        either += rf"|(?:(?<=and )|(?<=, )|(?=\w+ing\b))(?:{filling})(?: it| them)?"
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w'\u2019-])", re.IGNORECASE)


def label_of(name: str) -> str:
    """Return what a message calls a parameter: `due date` for due_date."""
    return name.lower().replace("_", " ")


def list_verbs(parameter: RoleParameter) -> frozenset[str]:
    """Return the verbs that fill a list: `mention` for mentions, `assign` for assignees."""
    last = parameter.parts[-1] if parameter.kind == "array" and parameter.parts else ""
    verb = last.removesuffix("s").removesuffix("ee")
    forms = {last.removesuffix("s"), verb, f"{verb}ing", f"{verb}{verb[-1:]}ing"}
    return frozenset(forms) if len(verb) > 2 else frozenset()


def phrases_of(takers: Sequence[RoleParameter], read: Reading) -> Iterator[Phrase]:
    """Yield the phrases of what is left of an order."""
    verbs = frozenset().union(*map(list_verbs, takers))
    labels = frozenset(label_of(one.name) for one in takers if len(one.name) > 2)
    heads = labels.union(verbs, *(one.heads for one in takers))
    start, head = 0, ""
    for mark in outside_quotations(_beginnings(labels, verbs), read.rest):
        before = read.rest[start : mark.start()]
        word = mark[0].lower()
        word = word if word in labels else word.partition(" ")[0]
        if not (head == word and joins(before, read)) and _is_inside(mark, before, heads, read):
            continue
        yield from _pieces(Phrase(head, (start, mark.start())), read)
        start, head = mark.end(), word
    yield from _pieces(Phrase(head, (start, len(read.rest))), read)


def is_within(span: Span, quoted: Iterable[Span]) -> bool:
    """Return whether a part of a text stands in one of its quotations."""
    return any(start < span[0] and span[1] < end for start, end in quoted)


def outside_quotations(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where a form stands in a text, but not within a quotation."""
    quoted = [one.span() for one in QUOTED.finditer(text)]
    return (one for one in form.finditer(text) if not is_within(one.span(), quoted))


def _is_inside(mark: re.Match[str], before: str, heads: frozenset[str], read: Reading) -> bool:
    """Return whether a preposition is part of a name, `Gone with the Wind`, or of a thing."""
    after = read.rest[mark.end() :].lstrip(" ")
    if mark[0].lower() not in PREPOSITIONS | {"between"}:
        first = next(iter(tokens(after[:40])), "")
        return not after[:1].isalnum() or first in PREPOSITIONS | IDLE
    words = tokens(before)
    if len(mark[0]) > 1 and mark[0].isupper():
        return True
    if mark[0].lower() == "of":
        return any(concept(word) not in (None, *read.known) for word in words)
    return bool(words and words[-1][0].isupper() and after[:1].isupper()) and mark[0] not in heads


def joins(text: str, read: Reading) -> bool:
    """Return whether a text joins two values: `and`, `and the stock price`."""
    joint = LISTED.search(text)
    return joint is not None and all(map(read.knows, filter(concept, tokens(text[joint.end() :]))))


def _pieces(phrase: Phrase, read: Reading) -> Iterator[Phrase]:
    """Cut a phrase at blanks and the ends of sentences, and trim what remains."""
    start = phrase.span[0]
    for piece in PIECE.finditer(read.rest[slice(*phrase.span)]):
        before = read.rest[start : start + piece.start()]
        phrase = phrase._replace(head="") if BLANK in before else phrase
        span = _trimmed(start + piece.start(), start + piece.end(), phrase.head, read)
        text = read.rest[slice(*span)]
        labelled = text and phrase.head not in PREPOSITIONS - HEADS["title"] | {""}
        if (
            labelled
            or text.lower() in SPOKEN
            or not all(map(read.knows, filter(concept, tokens(text))))
        ):
            yield phrase._replace(span=span)


def _trimmed(start: int, end: int, head: str, read: Reading) -> Span:
    """Return a span without articles, courtesies and, right behind the verb, the tool's words."""
    if quoted := list(QUOTED.finditer(read.rest, start, end)):
        return _quotations(quoted, read)
    while start < end:
        text = read.rest[start:end]
        begin, stop = _begin(text, start, head, read), _stop(text, head, read)
        if (begin, stop) == (0, len(text)):
            return start, end
        start, end = start + begin, start + stop
    return start, start


def _quotations(quoted: Sequence[re.Match[str]], read: Reading) -> Span:
    """Return the span within a quotation, or of a list of quotations with their marks."""
    last = quoted[0]
    for one in quoted[1:]:
        if not LISTED.fullmatch(read.rest, last.end(), one.start()):
            break
        last = one
    first = quoted[0]
    return first.span(first.lastindex or 0) if last is first else (first.start(), last.end())


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
    last = LAST.search(text, max(0, stop - LONGEST_WORD), stop)
    if last and last.start() and (last[0] in IDLE or (not head and _drops(last[0], read))):
        before = text[: last.start()].rstrip()
        return len(before) - 2 * before.endswith(("'s", "\u2019s"))
    return stop


def _describes(text: str, read: Reading) -> bool:
    """Return whether a text begins with an idle word that tells which one is meant: `back door`."""
    words = tokens(text[:80])[:2]
    nouns = frozenset().union(*(one.words for one in read.required if one.is_text))
    return len(words) == 2 and words[0] in PASSING - CHOOSING and concept(words[1]) in nouns


def _is_known(word: str, read: Reading) -> bool:
    return word in PASSING or (word.lower() not in GIVEN_NAMES and read.knows(word))


def _drops(word: str, read: Reading) -> bool:
    """Whether a word is the tool's: the `light` of `kitchen light`, not the `room` of a room."""
    own = any(concept(word) in one.words for one in read.every if one.is_text)
    return _is_known(word, read) and not own


def evidence(parameter: RoleParameter, phrase: Phrase, read: Reading) -> int:
    """Return how well a phrase fits a text, by the evidence that it is meant; 0 if there is none.

    A required text also takes the one short phrase that nothing else explains.
    """
    text = read.text[slice(*phrase.span)]
    words = [word.lower() for word in tokens(expand(text))]
    required = parameter in read.required
    personal = not FIRST_PERSON.isdisjoint(words)
    own = phrase.span[0] < read.own
    plain = required and own and len(words) < 5 and not personal
    vague = int(plain and not _names_tool(words, read))
    called = phrase.head in {label_of(parameter.name), *list_verbs(parameter)}
    if called or _is_named(parameter, words):
        return 8
    only = is_only_text(parameter, read)
    if parameter.is_typed and parameter.is_text:
        return 0
    if parameter.is_timed:
        return 3 * (required and phrase.head in parameter.heads and bool(TIMELY.search(text)))
    if phrase.head:
        quoted = read.text[: phrase.span[0]].endswith(QUOTES)
        timely = not quoted and TIMELY.search(text)
        alone = only and not (vague or personal or timely or _is_number(text))
        return _score_behind(phrase.head, parameter, vague) or 4 * alone
    worded = required and parameter.roles & {"text", "title"}
    day = WHEN.fullmatch(text) and not (text.istitle() and text.lower() in RELATIVE_DAYS)
    other = parameter.roles.isdisjoint(DIRECT) and (day or _names_tool(words, read))
    other |= not own and "id" not in parameter.roles
    asks = not QUESTION_VERBS.isdisjoint(words) and not parameter.roles & {"text", "topic"}
    meant = required or parameter.roles or only or parameter is _object_of(read)
    if asks or other or not meant or (personal and not worded):
        return 0
    fits = _score_direct(text, parameter, vague)
    return fits and fits + (required and parameter.is_direct)


def _names_tool(words: Sequence[str], read: Reading) -> bool:
    """Whether words that are to be a value tell what the tool does: `tail the logs of auth`."""
    own = frozenset().union(*(one.words for one in read.every if one.is_text))
    return len(words) > 1 and any(read.knows(one) and concept(one) not in own for one in words)


def _is_named(parameter: RoleParameter, words: Sequence[str]) -> bool:
    """Whether a phrase says what it is, `aisle seat`, or is an example of it: `red` of a color."""
    named = words[-1:] and concept(words[-1]) in parameter.words
    if len(words) > 1 and named and not words[-1].endswith("ed"):
        return parameter.is_text
    kinds = {kind for word in words for kind in categories(word)}
    language = "language" in parameter.roles and concept("language") in kinds
    return parameter.is_text and (language or not parameter.words.isdisjoint(kinds))


def is_only_text(parameter: RoleParameter, read: Reading) -> bool:
    """Whether no other text can be meant: none is required beside it, or there is no other."""
    texts = [one for one in read.every if one.is_text and not (one.is_typed or one.is_timed)]
    return ([one for one in texts if one in read.required] or texts) == [parameter]


def _object_of(read: Reading) -> RoleParameter | None:
    """Return the text that stands right behind the verb of a tool that requires no text."""
    texts = [one for one in read.every if one.is_text]
    required = any(one in read.required for one in texts)
    return None if required else next((one for one in texts if one.is_direct), None)


def _score_direct(text: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase right behind the verb fits a text."""
    if parameter.kind == "array" or "id" in parameter.roles:
        fits = LISTED.search(text) if parameter.kind == "array" else code_in(text)
        return 5 if fits else vague * (parameter.kind == "array")
    if not parameter.roles.isdisjoint(("person", "to")):
        return 6 if _is_person(tokens(text), text) else vague
    if parameter.look == "path":
        return vague * (" " not in text)
    named = parameter.roles & {"place", "device", "list"} and NAMED.fullmatch(text)
    return 4 if named or (parameter.is_direct and not _is_number(text)) else vague


def _score_behind(head: str, parameter: RoleParameter, vague: int) -> int:
    """Return how well a phrase fits a text by the word that it stands behind."""
    if head in parameter.heads:
        return 7 if parameter.roles & {"from", "to"} else 6
    if head in HEADS["title"]:
        return 5 if parameter.is_direct else 0
    return 1 if parameter.kind == "array" else vague


def _is_number(text: str) -> bool:
    words = tokens(text.lower())
    idle = PASSING | {"of"}
    numbers = [one for one in words if is_number(one) or one in NUMBERS]
    return bool(numbers) and all(one in numbers or one in idle for one in words)


def code_in(text: str) -> re.Match[str] | None:
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
