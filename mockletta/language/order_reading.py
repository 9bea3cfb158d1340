"""Order readings: an order for a tool, the arguments found in it, and the text that is left."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.language.clause_meaning import RELATIVE_DAYS
from mockletta.language.parameter_roles import RoleParameter, senses
from mockletta.language.words import (
    NUMBERS,
    concept,
    concepts,
    lexicon,
    pattern,
    pattern_text,
    tokens,
)

Span = tuple[int, int]
Recall = Callable[[str], str]
TIMELY = re.compile(
    r"\d|[dD]ay|[nN]ight|o[nr]row|[wW]eek|month|year|noon|hour|minute|second|\bin [a-z]"
)
NUMBER_WORDS = "|".join(one for one in NUMBERS if one != "one")
WHEN = pattern(
    "argument.when",
    relative=pattern_text("argument.relative", numbers=NUMBER_WORDS),
)
BLANK = "\0"
PASSING = lexicon("passing") | frozenset(RELATIVE_DAYS)
PASSING_CONCEPTS = frozenset(concepts(PASSING))
LONGEST_LABEL = 60


@dataclass(slots=True)
class Reading:
    """An order for a tool: its parameters, the arguments found so far, and the text that is left.

    `rest` is the text with blanks for what the arguments were made of. `known` are the concepts
    that the tool is about. `more` are other values of one argument, for further calls. What stands
    behind the first `own` characters was said before the order. `guessed` is how many values
    have only their place for evidence.
    """

    text: str
    known: frozenset[str]
    required: list[RoleParameter]
    optional: list[RoleParameter]
    recall: Recall
    own: int
    rest: str = ""
    arguments: dict[str, object] = field(default_factory=dict)
    more: list[dict[str, object]] = field(default_factory=list)
    fitting: int = 0
    guessed: int = 0
    measured: bool = False
    parents: dict[str, str] = field(default_factory=dict)
    free: Span | None = None
    times: list[re.Match[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rest = self.text
        self.times = list(WHEN.finditer(self.text)) if TIMELY.search(self.text) else []

    @property
    def open(self) -> list[RoleParameter]:
        """The parameters without an argument."""
        return [one for one in self.every if one.name not in self.arguments]

    @property
    def every(self) -> list[RoleParameter]:
        return [*self.required, *self.optional]

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.required if one.name not in self.arguments]

    @property
    def unexplained(self) -> list[str]:
        """The concepts of the order that neither the tool is about nor an argument holds."""
        words = [word for word in tokens(self.rest) if not (is_number(word) or word == "s")]
        words = [word for word in words if word.lower() not in PASSING and not self.knows(word)]
        return [one for one in concepts(words) if one not in PASSING_CONCEPTS]

    def knows(self, word: str) -> bool:
        """Return whether a word is about the tool: a `cab` about a taxi."""
        return concept(word) in self.known or not self.known.isdisjoint(senses(word))

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + BLANK * (end - start) + self.rest[end:]

    def take(self, parameter: RoleParameter, value: object, *spans: Span) -> None:
        self.arguments[parameter.name] = value
        for span in spans:
            self.blank(*span)

    def take_labelled(self, parameter: RoleParameter, value: object, span: Span) -> None:
        """Take a value and what names its parameter: `due Friday`, `a width of 300`."""
        label = _label_before(tuple(parameter.names)).search(
            self.rest, max(0, span[0] - 60), span[0]
        )
        self.take(parameter, value, (label.start() if label else span[0], span[1]))

    def add(self, parameter: RoleParameter, value: object, span: Span) -> None:
        """Take a further value for a call of its own."""
        self.more.append({parameter.name: value})
        self.blank(*span)


@lru_cache(512)
def _label_before(names: tuple[str, ...]) -> re.Pattern[str]:
    return pattern("argument.label_before", names="|".join(names))


def grouped(arguments: Mapping[str, object], parents: Mapping[str, str]) -> dict[str, object]:
    """Return arguments with those of an object in it: `city` in `address`."""
    made: dict[str, object] = {}
    for name, value in arguments.items():
        parent = parents.get(name, "")
        held = made.get(parent or name)
        given = {name: value} if parent else value
        made[parent or name] = (
            {**held, **given} if isinstance(held, dict) and isinstance(given, dict) else given
        )
    return made


def is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdecimal()
