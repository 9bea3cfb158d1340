"""Phrase evidence: how well a phrase of an order fits a parameter that takes a text or a list."""

from collections.abc import Sequence
from typing import NamedTuple

from mockletta.default_brain.tool_calling.order_phrases import (
    GIVEN_NAMES,
    NAMED,
    Phrase,
    code_in,
    split,
    trimmed,
)
from mockletta.language.order_readings import ARGUMENT, PASSING, QUOTED, Reading, is_number
from mockletta.language.parameter_roles import NAMING, RoleParameter
from mockletta.language.sentences import is_finite
from mockletta.language.typed_values import TIMELY
from mockletta.language.words import (
    AUXILIARY,
    FIRST_PERSON,
    NUMBERS,
    PERSONS,
    THIRD_PERSON,
    categories,
    concept,
    expand,
    lexicon,
    tokens,
    word_set,
)

SPOKEN = word_set("hello hi hey yes no thanks okay good bye night morning day")
NAMEABLE = word_set("person to from place by name")
PRONOUNS = THIRD_PERSON | FIRST_PERSON | word_set("that this one me us")
LANGUAGE = concept("language") or ""
RELATIVE_DAYS = lexicon("relative_days")
WEAK = 3
NAMED_BEFORE = 9


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
    return _score(parameter, phrase.head, look, read) if _says(parameter, phrase, look, read) else 0


def _says(parameter: RoleParameter, phrase: Phrase, look: Look, read: Reading) -> bool:
    """Return whether a phrase says more than what the tool does."""
    if look.quoted or phrase.head in NAMING or read.tells(look.text):
        return True
    spoken = parameter.is_worded and SPOKEN.issuperset(look.words)
    is_name = look.is_name and not phrase.head and not all(map(read.knows, look.words))
    return spoken or look.words[0] in GIVEN_NAMES or is_name


def _score(parameter: RoleParameter, head: str, look: Look, read: Reading) -> float:
    if head in NAMING:
        titled = "title" in parameter.roles or parameter.parts[-1:] == ("name",)
        return (7 if titled else 5) * (parameter.is_direct or "person" in parameter.roles)
    return (_score_behind if head else _score_first)(parameter, head, look, read)


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
    alone = look.own and is_only_text(parameter, read) and not ARGUMENT.when.search(look.text)
    return (
        4
        if alone and not (strange or look.personal or _is_number(look.text))
        else look.vague and not strange
    )


def _score_first(parameter: RoleParameter, _: str, look: Look, read: Reading) -> float:
    """Return how well what stands right behind the verb fits a text."""
    text = look.text
    is_name = text[:1].isupper() and text.lower() in RELATIVE_DAYS
    day = ARGUMENT.when.fullmatch(text) and not is_name
    personal = look.personal and not parameter.is_worded
    meant = look.required or parameter.roles or parameter.is_direct
    if not look.own or day or personal or not meant:
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
    if _is_number(text) and "number" not in (*parameter.described, *parameter.parts):
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
