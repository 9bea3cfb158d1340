"""Order phrases: the parts of an order, and how well each fits a parameter that takes a text.

An order is cut at its clauses, at the values that were taken out of it, at prepositions and at the
names of parameters. A list such as `for Rome and for Paris` is one phrase.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mockletta.language.order_readings import (
    ARGUMENT,
    BLANK,
    PASSING,
    QUOTED,
    Reading,
    is_number,
    is_within,
    outside_quotations,
)
from mockletta.language.parameter_roles import NAMING, PREPOSITIONS, RoleParameter, topic
from mockletta.language.sentences import is_finite
from mockletta.language.typed_values import TIMELY
from mockletta.language.words import (
    AUXILIARY,
    BE,
    FIRST_PERSON,
    IRREGULAR_PAST,
    NUMBERS,
    ORDERS,
    PERSONS,
    SILENT,
    THIRD_PERSON,
    categories,
    concept,
    expand,
    is_verb,
    lexicon,
    tokens,
    word_set,
)

LISTED = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|&|\b(?:and|or)\b)\s*")
STOP = re.compile(
    r"\0[\0\s]*|(?<!\b[MDS][rst])(?<!\bMrs)[.;:!?]+(?=\s|\0|$)|\s[-\u2013\u2014]\s|,\s*(?=\0)"
)
GIVEN = re.compile(r"([A-Z][\w'\u2019-]*|(?-i:h[ei][rm]|them)) +(?=(?:the|an?) |that$)")
IDLE = lexicon("idle")
WORD = re.compile(r"\b[a-z]+\b")
NOUNLESS = re.compile(r"(?<=[a-z]) ones?$")
COMPOUNDS = lexicon("compounds")
MOST_PHRASES = 12
NAMED = re.compile(
    r"(?:[A-Z0-9#][\w'\u2019.#&-]*)(?:\s+(?:[A-Z0-9&][\w'\u2019.&-]*|de|da|van|von|der|of))*"
)
GIVEN_NAMES = lexicon("given_names")
LEADING = lexicon("leading")
TOLD = AUXILIARY | FIRST_PERSON | IRREGULAR_PAST | {"just"}
SPOKEN = word_set("hello hi hey yes no thanks okay good bye night morning day")
NAMEABLE = word_set("person to from place by name")
PRONOUNS = THIRD_PERSON | FIRST_PERSON | word_set("that this one me us")
RELATIVE_DAYS = lexicon("relative_days")
LANGUAGE = concept("language") or ""
NAMED_BEFORE = 9


class Phrase(NamedTuple):
    """A part of an order, and what it stands behind: a preposition, a label, or nothing."""

    head: str
    start: int
    end: int


@lru_cache(512)
def _heads(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({*labels, *PREPOSITIONS, *NAMING, "between"}, key=lambda one: (-len(one), one))
    labelled = "|".join(map(re.escape, words)).replace(r"\ ", "[ _]")
    named = rf"{labelled}|(?:h(?:is|er)|its|their) name(?:['\u2019]s| is)"
    return re.compile(rf"(?<![\w-])(?:{named})(?![\w'\u2019-])", re.IGNORECASE)


def blank_opening(read: Reading) -> None:
    """Blank what an order begins with: `could you`, its verb, `up`."""
    lead = ARGUMENT.lead.match(read.rest)
    start = lead.end() if lead else 0
    word = re.compile(r"\s*([\w'\u2019-]+)").match(read.rest, start)
    imperative = ARGUMENT.imperative.match(read.rest, start)
    if word and (
        imperative or is_verb(word[1]) or word[1].lower() in ORDERS or read.knows(word[1])
    ):
        particle = ARGUMENT.particle.match(read.rest[word.end() :])
        start = word.end() + (particle.end() if particle else 0)
    read.blank(0, start)


def phrases_of(takers: Sequence[RoleParameter], read: Reading) -> list[Phrase]:
    """Return the phrases of what is left of an order."""
    form = _heads(tuple(label for one in takers for label in one.labels))
    quoted = [one.span() for one in QUOTED.finditer(read.rest)]
    found: list[Phrase] = []
    for start, end in _stretches(read, quoted):
        head, begin = "", start
        for mark in form.finditer(read.rest, start, end):
            if is_within(mark.span(), quoted) or not _is_head(mark, begin, head, takers, read):
                continue
            found += _phrase(head, begin, mark.start(), read)
            head = "called" if " name" in mark[0] else mark[0].lower().replace("_", " ")
            begin = mark.end()
        found += _phrase(head, begin, end, read)
    return found[:MOST_PHRASES]


def _stretches(read: Reading, quoted: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the parts of an order between taken values, sentence ends and clauses."""
    stops = [one.span() for one in STOP.finditer(read.rest) if not is_within(one.span(), quoted)]
    worded = any(one.is_worded for one in read.open)
    cut = read.rest[: read.own] if worded else read.rest
    for form in (ARGUMENT.redone, ARGUMENT.beside):
        stops += [one.span() for one in outside_quotations(form, cut)]
    for one in ARGUMENT.clause.finditer(read.rest):
        kept = is_within(one.span(), quoted) or (one.start() >= len(cut) and one[0][0] != ";")
        if not kept and (one["verb"] is None or is_finite(one["verb"])):
            stops.append(one.span())
    for one in () if worded else WORD.finditer(read.rest, read.own):
        if one[0] not in BE and is_finite(one[0]):
            stops.append(one.span())
    start = 0
    for left, right in sorted(stops):
        if start < left:
            yield start, left
        start = max(start, right)
    yield start, len(read.rest)


def _is_head(
    mark: re.Match[str], begin: int, head: str, takers: Sequence[RoleParameter], read: Reading
) -> bool:
    """Return whether a word begins a phrase, rather than being part of a name or of a list."""
    word = mark[0].lower()
    before = read.rest[begin : mark.start()]
    after = read.rest[mark.end() : mark.endpos].lstrip(" ")
    if " name" in word:
        return True
    if word not in PREPOSITIONS:
        first = next(iter(tokens(after[:40])), "")
        idle = not after or after[0] in f".,;:!?{BLANK}" or first.lower() in PREPOSITIONS | IDLE
        return not idle and not (read.knows(first) and not word.endswith("ed"))
    if head == word and (joint := LISTED.search(before)):
        return read.tells(before[joint.end() :])
    names = tokens(before)[-1:]
    if word == "of":
        return not names or not read.tells(names[0])
    after = re.sub(r"^(?:the|a|an) ", "", after)
    wanted = any(word in one.heads for one in takers)
    return wanted or not (
        names and names[0].isalpha() and names[0][0].isupper() and after[:1].isupper()
    )


def _phrase(head: str, start: int, end: int, read: Reading) -> Iterator[Phrase]:
    """Yield a phrase without articles and idle words; `Anna` of `Anna the keys` by itself."""
    text = read.rest[start:end]
    start += len(text) - len(text.lstrip(" ,\n\t"))
    article = ARGUMENT.article.match(read.rest[start:end])
    start += article.end() if article else 0
    text = read.rest[start:end].rstrip(" ,:-\n\t")
    text = NOUNLESS.sub("", text) if article else text
    while (cut := text.rpartition(" "))[0] and cut[2].strip(",") in IDLE:
        text = cut[0].rstrip(" ,")
    if not head and start < read.own and (given := GIVEN.match(text)):
        yield Phrase(head, start, start + given.end(1))
        yield from _phrase(head, start + given.end(), start + len(text), read)
    elif text.strip() and text.lower() not in IDLE:
        yield Phrase(head, start, start + len(text))


def split(text: str) -> list[str]:
    """Cut a text at its commas and `and`, but not within a quotation."""
    joints = [end for one in outside_quotations(LISTED, text) for end in one.span()]
    places = [0, *joints, len(text)]
    parts = (text[start:end] for start, end in zip(places[::2], places[1::2], strict=True))
    return [one for one in parts if one]


def items(text: str) -> list[str]:
    """Return the parts of a list: `tea, milk and rice`."""
    parts = [QUOTED.sub(r"\1\2", one).strip(" .") for one in split(text)]
    parts = [ARGUMENT.listed.sub("", one) for one in parts]
    return [one for one in parts if one]


def trimmed(parameter: RoleParameter, phrase: Phrase, read: Reading) -> tuple[int, int]:
    """Return the place of a phrase without the words around it that are about the tool."""
    start, end = phrase.start, phrase.end
    quoted = [one.span() for one in QUOTED.finditer(read.text, start, end)]
    if len(quoted) == 1 and parameter.kind != "array":
        left, right = quoted[0]
        if not read.tells(f"{read.text[start:left]} {read.text[right:end]}"):
            return left, right
    words = list(re.finditer(r"\S+", read.text[start:end]))
    to_do = parameter.is_worded and phrase.head == "to"
    while start >= read.own and len(words) > 1 and not to_do and _tells(words[0][0]):
        words.pop(0)
    possessed = 0
    while len(words) > 1 and _trails(words[-1][0], words[-2][0], parameter, read):
        words.pop()
        possessed = 2 * words[-1][0].endswith(("'s", "\u2019s"))
    while len(words) > 1 and _leads(words[0][0], read):
        words.pop(0)
    return start + words[0].start(), start + words[-1].end() - possessed


def _tells(word: str) -> bool:
    """Return whether a word begins what is told beside an order: `want to play squash`."""
    return word.lower() in TOLD or (word.islower() and (word == "to" or is_verb(word)))


def _leads(word: str, read: Reading) -> bool:
    """Return whether a word before a value does not belong to it: `the user` of `the user Al`."""
    if not (word.islower() and word[-1].isalpha()) or word in GIVEN_NAMES:
        return False
    return word in LEADING or read.knows(word)


def _trails(word: str, before: str, parameter: RoleParameter, read: Reading) -> bool:
    """Return whether a word behind a value does not belong to it: `light` of `kitchen light`."""
    meant = topic(word)
    if not word.islower() or not word[-1].isalpha():
        return False
    if meant in parameter.hints:
        simple = before[0].isupper() or word not in COMPOUNDS
        return meant in parameter.words and simple and not parameter.is_worded
    if any(meant in one.words for one in read.every if not one.is_text):
        return False
    if word.endswith("ing") and "title" in parameter.roles:
        return False
    known = meant in read.known if "title" in parameter.roles else read.knows(word)
    return word in IDLE or known


def code_in(text: str) -> re.Match[str] | None:
    """Find what looks like an id: an address, a path, a symbol in capitals, a number."""
    named = NAMED.search(text)
    code = ARGUMENT.plate.search(text) or ARGUMENT.code.search(text)
    return code or (named if named and named[0].lower() not in SILENT else None)


class Look(NamedTuple):
    """What a phrase looks like as the value of a parameter."""

    text: str
    words: list[str]
    required: bool
    own: bool
    quoted: bool
    personal: bool
    is_name: bool

    @property
    def vague(self) -> bool:
        """Whether a required text could mean it, with nothing else to say so."""
        short = self.required and self.own and len(self.words) < 7
        return short and not (self.personal or _is_number(self.text))


def evidence(parameter: RoleParameter, phrase: Phrase, read: Reading) -> float:
    """Return how well a phrase fits a text, by the evidence that it is meant; 0 if by none."""
    text = read.text[slice(*trimmed(parameter, phrase, read))]
    words = [word.lower() for word in tokens(expand(text))]
    beside = phrase.start >= read.own
    if len(words) == 1 and (words[0] in AUXILIARY or (beside and is_finite(words[0]))):
        return 0
    if (not words or not PRONOUNS.isdisjoint(words)) and not (
        parameter.is_worded or any(one not in PRONOUNS and not read.knows(one) for one in words)
    ):
        return 0
    named = [word.lower() for word in tokens(read.text[phrase.start : phrase.end])]
    stated = phrase.head in parameter.labels and ("id" not in parameter.roles or code_in(text))
    if stated or is_named(parameter, named, read):
        return NAMED_BEFORE
    titled = beside and any("title" in one.roles for one in read.required)
    of_title = titled and phrase.head and parameter in read.optional
    if of_title or (parameter.is_typed and parameter.is_text and parameter.look != "zip"):
        return 0
    required = parameter in read.required and not read.text.startswith(" one", phrase.end)
    if parameter.is_timed:
        return 3 * (required and phrase.head in parameter.heads and bool(TIMELY.search(text)))
    is_name = NAMED.fullmatch(text) is not None and not is_number(words[0])
    own = phrase.start < read.own or read.refers
    personal, quoted = not FIRST_PERSON.isdisjoint(words), QUOTED.search(text) is not None
    look = Look(text, words, required, own, quoted, personal, is_name)
    return _score(parameter, phrase, look, read) if _says(parameter, phrase, look, read) else 0


def _score(parameter: RoleParameter, phrase: Phrase, look: Look, read: Reading) -> float:
    if phrase.head in NAMING:
        titled = "title" in parameter.roles or parameter.parts[-1:] == ("name",)
        return (7 if titled else 5) * (parameter.is_direct or "person" in parameter.roles)
    if phrase.head:
        return _score_behind(parameter, phrase.head, look, read)
    return _score_first(parameter, look, read)


def _says(parameter: RoleParameter, phrase: Phrase, look: Look, read: Reading) -> bool:
    """Return whether a phrase says more than what the tool does."""
    if look.quoted or phrase.head in NAMING or read.tells(look.text):
        return True
    spoken = parameter.is_worded and SPOKEN.issuperset(look.words)
    is_name = look.is_name and not phrase.head and not all(map(read.knows, look.words))
    return spoken or look.words[0] in GIVEN_NAMES or is_name


def _score_behind(parameter: RoleParameter, head: str, look: Look, read: Reading) -> float:
    """Return how well what stands behind a preposition fits a text."""
    if parameter.roles & {"place", "from", "to"} and ARGUMENT.when.fullmatch(look.text):
        return 0
    if head in parameter.heads:
        rank = parameter.heads.index(head)
        likely = _likely(parameter, look, behind=True) + (head in parameter.roles)
        strong = look.own or (look.required and rank < 4)
        return strong * (7 - min(rank, 5) / 5 + likely + 0.5 * look.required)
    person = _is_person(look.text)
    strange = "person" in parameter.roles and not person
    strange = strange or (person and parameter.is_worded and head == "to" and not look.quoted)
    if strange:
        return 0
    return 4 if look.own and is_only_text(parameter, read) else look.vague


def _score_first(parameter: RoleParameter, look: Look, read: Reading) -> float:
    """Return how well what stands right behind the verb fits a text."""
    text = look.text
    is_name = text[:1].isupper() and text.lower() in RELATIVE_DAYS
    timed = not is_name and ARGUMENT.when.fullmatch(text)
    if not look.own or timed or (look.personal and not parameter.is_worded):
        return 0
    score = _direct(parameter, look)
    lists = any(one.is_list for one in read.required)
    score = 4.2 if score == 1 and not lists and is_only_text(parameter, read) else score
    likely = _likely(parameter, look, behind=False)
    return score and score + likely + 0.1 * look.required + (look.quoted and parameter.is_direct)


def _likely(parameter: RoleParameter, look: Look, *, behind: bool) -> float:
    """Return what the look of a phrase adds: a list for a list, names for persons and places."""
    score = 0.5 * (look.is_name and bool(parameter.roles & NAMEABLE))
    if parameter.kind == "array":
        score += 2.5 if len(split(look.text)) > 1 else -1
    person = "person" in parameter.roles and "id" not in parameter.roles
    return score - 2.5 * (behind and person and not _is_person(look.text))


def _direct(parameter: RoleParameter, look: Look) -> float:
    text, vague = look.text, look.vague or (look.quoted and look.required)
    if parameter.kind == "array":
        return 6 if len(split(text)) > 1 else 2.5 * vague
    if "id" in parameter.roles:
        return 6 if code_in(text) else 2.5 * vague
    if _is_number(text):
        return 0
    if not parameter.roles.isdisjoint(("person", "to")):
        return 6 + look.required if _is_person(text) else vague
    if parameter.look == "path":
        return vague and " " not in text
    named = parameter.roles & {"place", "device", "list"} and look.is_name
    return 4.5 if named or parameter.is_direct else vague


def is_named(parameter: RoleParameter, words: Sequence[str], read: Reading) -> bool:
    """Return whether a phrase says what it is, `aisle seat`, or is an example of it, `red`."""
    while len(words) > 2 and read.knows(words[-1]) and concept(words[-1]) not in parameter.words:
        words = words[:-1]
    named = len(words) > 1 and concept(words[-1]) in parameter.words and words[-1][-2:] != "ed"
    kinds = {kind for word in words if not read.knows(word) for kind in categories(word)}
    called = parameter.words | ({LANGUAGE} if "language" in parameter.roles else set())
    return parameter.is_text and (named or not called.isdisjoint(kinds))


def is_only_text(parameter: RoleParameter, read: Reading) -> bool:
    """Return whether no other text can be meant: none is required beside it, or is there."""
    texts = [one for one in read.every if one.is_text and not (one.is_typed or one.is_timed)]
    return ([one for one in texts if one in read.required] or texts) == [parameter]


def _is_number(text: str) -> bool:
    words = tokens(text.lower())
    numbers = [one for one in words if is_number(one) or one in NUMBERS]
    return bool(numbers) and all(one in numbers or one in PASSING | {"of"} for one in words)


def _is_person(text: str) -> bool:
    return "@" in text or all(
        word[0].isupper() or word.lower() in GIVEN_NAMES or concept(word) in PERSONS
        for word in [one for one in tokens(text) if one.lower() not in FIRST_PERSON | {"and"}][:3]
    )
