"""Order readings: an order for a tool, the arguments found in it, and the text that is left."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from mockletta.language.parameter_roles import RoleParameter, senses
from mockletta.language.words import (
    FIRST_PERSON,
    concept,
    concepts,
    lexicon,
    pattern,
    patterns,
    tokens,
    word_set,
)

Span = tuple[int, int]
Recall = Callable[[str], str]
ARGUMENT = patterns("argument")
BLANK = "\0"
IDS = word_set("id number code")
LONGEST_LABEL = 60
QUOTED = ARGUMENT.quoted
PASSING = lexicon("passing") | lexicon("relative_days")
PASSING_CONCEPTS = frozenset(concepts(PASSING))


class Beside(NamedTuple):
    """What is known beside an order: what the user calls `my ...`, and what was said with it.

    An order that `refers` means what was said beside it: `log that`.
    """

    recall: Recall = lambda _: ""
    context: str = ""
    refers: bool = False


ALONE = Beside()


@dataclass(slots=True)
class Reading:
    """An order for a tool: its parameters, the arguments found so far, and the text that is left.

    `rest` is the text with blanks for what the arguments were made of. `known` are the concepts
    that the tool is about. `more` are other values of one argument, for further calls. What stands
    behind the first `own` characters was said beside the order. `sure` is how many values only fit
    their parameter, such as a choice or a measure in its unit.
    """

    text: str
    known: frozenset[str]
    required: list[RoleParameter]
    optional: list[RoleParameter]
    recall: Recall
    own: int
    rest: str = ""
    every: list[RoleParameter] = field(default_factory=list)
    arguments: dict[str, object] = field(default_factory=dict)
    more: list[dict[str, object]] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    sure: int = 0
    is_free: bool = False
    refers: bool = False

    def __post_init__(self) -> None:
        self.rest = self.text
        self.every = [*self.required, *self.optional]

    @property
    def open(self) -> list[RoleParameter]:
        """The parameters without an argument."""
        return [one for one in self.every if one.name not in self.arguments]

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.required if one.name not in self.arguments]

    @property
    def unexplained(self) -> list[str]:
        """The concepts of the order that neither the tool is about nor an argument holds."""
        words = [
            word for word in tokens(self.rest[: self.own]) if not (is_number(word) or word == "s")
        ]
        words = [word for word in words if word.lower() not in PASSING and not self.knows(word)]
        return [one for one in concepts(words) if one not in PASSING_CONCEPTS]

    def knows(self, word: str) -> bool:
        """Return whether a word is about the tool: a `cab` about a taxi."""
        return concept(word) in self.known or not self.known.isdisjoint(senses(word))

    def tells(self, text: str) -> bool:
        """Return whether a text says more than that the tool is meant."""
        told = [one for one in tokens(text) if concept(one) and not self.knows(one)]
        return len(told) > 1 or not PASSING.issuperset(told)

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + BLANK * (end - start) + self.rest[end:]

    def take(
        self, parameter: RoleParameter, value: object, *spans: Span, sure: bool = False
    ) -> None:
        """Take a value for a parameter, or for one more call if the parameter has one."""
        if parameter.name in self.arguments:
            self.more.append({parameter.name: value})
        else:
            self.arguments[parameter.name] = value
            self.sure += sure
        for span in spans:
            self.blank(*span)

    def take_labelled(self, parameter: RoleParameter, value: object, span: Span) -> None:
        """Take a value and what names its parameter: `due Friday`, `a width of 300`."""
        self.take(parameter, value, (self.label_start(parameter, span[0]), span[1]), sure=True)

    def label_start(self, parameter: RoleParameter, start: int) -> int:
        """Return where the label before a value begins, or where the value does."""
        label = self.label_before(parameter, start)
        return label.start() if label else start

    def label_before(self, parameter: RoleParameter, start: int) -> re.Match[str] | None:
        """Return what stands before a value: the name of its parameter, a limit, or both."""
        form = labelled("label_before", parameter.labels)
        return form.search(self.rest, max(0, start - LONGEST_LABEL), start)

    def drop_spoken_ids(self) -> None:
        """Drop what a question says of a thing if it was read as its id: `paid` of an invoice."""
        for one in [one for one in self.required if not IDS.isdisjoint(one.parts)]:
            words = tokens(str(self.arguments.get(one.name, "0")))
            spoken = " ".join(words).islower() or any(w.lower() in FIRST_PERSON for w in words)
            if spoken and not any(map(str.isdigit, "".join(words))):
                del self.arguments[one.name]

    def calls(self) -> list[dict[str, object]]:
        """Return the arguments of each call: one, or one for each further value of an argument."""
        found = [self.arguments, *({**self.arguments, **one} for one in self.more)]
        return [grouped(one, self.parents) for one in found]


@lru_cache(1024)
def labelled(form: str, labels: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a form in which the names of parameters stand."""
    names = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    names = names.replace(r"\ ", r"[\s_-]") or BLANK
    return pattern(f"argument.{form}", names=names)


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


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around it."""
    quoted = QUOTED.fullmatch(text)
    return str(quoted[quoted.lastindex or 0]) if quoted else text


def is_within(span: Span, quoted: Iterable[Span]) -> bool:
    """Return whether a part of a text stands in one of its quotations."""
    return any(start < span[0] and span[1] < end for start, end in quoted)


def outside_quotations(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where a form stands in a text, but not within a quotation."""
    quoted = [one.span() for one in QUOTED.finditer(text)]
    return (one for one in form.finditer(text) if not is_within(one.span(), quoted))
