"""Order readings: an order for a tool, the arguments found in it, and the text that is left."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from mockletta.brain.decisions import ToolSchema
from mockletta.brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.language.clause_meaning import RELATIVE_DAYS
from mockletta.language.words import (
    ACT_STEMS,
    NUMBERS,
    SILENT,
    base,
    concept,
    concepts,
    lexicon,
    name_words,
    pattern,
    pattern_text,
    rows,
    stem,
    tokens,
    word_set,
)

ROLES = {role: word_set(line) for role, line in rows("role").items()}
HEADS = {role: word_set(line) for role, line in rows("head").items()}
LOOKS = {look: word_set(line) for look, line in rows("look").items()}
PREPOSITIONS = frozenset().union(*HEADS.values())
MEASURES = {measure: word_set(line) for measure, line in rows("measure").items()}
SENSES = {
    concept(one) or one: frozenset(map(stem, line.split())) for one, line in rows("sense").items()
}
ASKING = word_set("who where when")
AMBIGUOUS = word_set("start end")  # of a route or of a meeting
DIRECT = word_set("topic title text")
LONGEST = 300
LONGEST_DESCRIPTION = 2000
LONGEST_KEPT = 10_000
LONGEST_NAME = 100
MOST_CHOICES = 500


@lru_cache(1024)
def about(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the concepts of a tool's name and of its description."""
    named = frozenset(map(topic, name_words(name))) - {""}
    return named, frozenset(concepts(tokens(description)))


def topic(word: str) -> str:
    """Return the concept of a word, also of one that says nothing by itself, such as `note`."""
    return concept(word) or (stem(word.lower()) if len(word) > 3 else "")


@lru_cache(2048)
def senses(word: str) -> frozenset[str]:
    """Return the concepts that a word brings to mind: `cab` a taxi."""
    root = stem(base(word))
    return frozenset(one for one, line in SENSES.items() if root in line)


def _named(table: dict[str, frozenset[str]], words: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name, line in table.items() if not line.isdisjoint(words))


class RoleParameter(Parameter):
    """A parameter, and what the words of an order have to look like to be its value."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The words of its name."""
        return tuple(part.lower() for part in name_words(self.name))

    @cached_property
    def words(self) -> frozenset[str]:
        """The concepts of its name."""
        return about(self.name, "")[0]

    @cached_property
    def described(self) -> list[str]:
        """The words of its description."""
        return [word.lower() for word in tokens(self.description[:LONGEST])]

    @cached_property
    def roles(self) -> frozenset[str]:
        """What it is for: `place`, `person`, `date`."""
        telling = [one for one in self.described if one in ASKING or one not in SILENT]
        named = _named(ROLES, {*self.parts, "".join(self.parts)} - AMBIGUOUS)
        if named <= {"from", "to"}:
            named |= _named(ROLES, telling[:6])
        return named or _named(ROLES, self.parts)

    @cached_property
    def measures(self) -> frozenset[str]:
        """What a number stands for in it: `money`, `percent`, `duration`."""
        found = _named(MEASURES, self.parts) or _named(MEASURES, self.described)
        return found - {"limit"} or found

    @cached_property
    def heads(self) -> frozenset[str]:
        """The words that its value stands behind: `in` for a city, `to` for a recipient."""
        own = HEADS["any"].intersection(self.parts[:1])
        own |= {"with"} if self.kind == "array" else set()
        return own.union(*(HEADS.get(one, ()) for one in self.roles & {"from", "to"} or self.roles))

    @cached_property
    def look(self) -> str:
        """The look that only its values have: that of an `email`, a `url`; "" for none."""
        if not self.is_text or self.roles & {"text", "title", "topic"}:
            return ""
        return next((look for look, words in LOOKS.items() if words.intersection(self.parts)), "")

    @property
    def is_text(self) -> bool:
        return self.kind == "string" and not self.choices

    @property
    def is_typed(self) -> bool:
        """Whether only certain words can be its value: a choice, a number, an e-mail address."""
        typed = not self.roles.isdisjoint(("language", "currency", "unit"))
        return not self.is_text or typed or self.look not in ("", "path")

    @property
    def is_number(self) -> bool:
        return self.kind in ("integer", "number")

    @property
    def is_timed(self) -> bool:
        return self.is_text and not self.roles.isdisjoint(("date", "time"))

    @property
    def is_direct(self) -> bool:
        """Whether it takes what stands right behind the verb: `play Yesterday`."""
        return not self.roles or not self.roles.isdisjoint(DIRECT)

    @property
    def names(self) -> Iterator[str]:
        """Yield patterns of what a message may call it: its name, then words of its name."""
        parts = [part for part in re.split(r"[\W_]+", self.name[:LONGEST_NAME]) if part]
        yield r"[\s_-]".join(map(re.escape, parts)) or re.escape(self.name)
        yield from (re.escape(one) for one in parts if len(one) > 2 and one.lower() not in SILENT)


@dataclass(frozen=True, slots=True)
class ToolParameters:
    """What a tool takes, in its schema's order, and the concepts that it is about.

    The properties of an object are parameters too; `parents` tells the objects that they are of.
    """

    names: list[str]
    required: list[RoleParameter]
    optional: list[RoleParameter]
    known: frozenset[str]
    choices: frozenset[str]
    parents: dict[str, str]

    @property
    def every(self) -> list[RoleParameter]:
        return [*self.required, *self.optional]


@dataclass(frozen=True, slots=True)
class SchemaKey:
    """A tool in a cache: two tools with the same text are one."""

    text: str
    tool: ToolSchema = field(compare=False)


def roles_of(tool: ToolSchema) -> ToolParameters:
    """Read the parameters of a tool. Those of the newest tools are kept."""
    key = SchemaKey(f"{tool.name} {tool.description} {tool.parameters}", tool)
    return _kept(key) if len(key.text) < LONGEST_KEPT else _read(tool)


@lru_cache(256)
def _kept(key: SchemaKey) -> ToolParameters:
    return _read(key.tool)


def _read(tool: ToolSchema) -> ToolParameters:
    named, described = about(tool.name, tool.description[:LONGEST_DESCRIPTION])
    tool, parents = _flat(tool)
    every = {name: _with_role(one) for name, one in parameters_of(tool).items()}
    required = list(map(_with_role, required_of(tool)))
    optional = [one for one in every.values() if one not in required]
    verb = stem(next(iter(name_words(tool.name)), "").lower())
    words = [one.words for one in (*required, *optional)]
    words += [about(parent, "")[0] for parent in dict.fromkeys(parents.values())]
    known = named.union(described, ACT_STEMS.get(verb, ()), *words)
    choices = " ".join(choice for one in every.values() for choice in one.choices)
    return ToolParameters(
        list(every), required, optional, known, frozenset(concepts(tokens(choices))), parents
    )


def _flat(tool: ToolSchema) -> tuple[ToolSchema, dict[str, str]]:
    """Return a tool that takes the properties of objects by themselves, and whose they are."""
    properties = tool.parameters.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    required = [one.name for one in required_of(tool)]
    found: dict[str, object] = {}
    parents: dict[str, str] = {}
    for name, schema in properties.items():
        inner = schema.get("properties") if isinstance(schema, dict) else None
        if isinstance(inner, dict) and inner.keys().isdisjoint([*properties, *found]):
            found |= inner
            parents |= dict.fromkeys(inner, name)
            inside = required_of(replace(tool, parameters=schema)) if name in required else []
            required += [one.name for one in inside]
        else:
            found[name] = schema
    required = [one for one in required if one not in parents.values()]
    return replace(tool, parameters={"properties": found, "required": required}), parents


def _with_role(one: Parameter) -> RoleParameter:
    choices = one.choices[:MOST_CHOICES]
    return RoleParameter(one.name, one.kind, choices, one.explains, one.description)


def typed_words(parameters: Iterable[RoleParameter]) -> set[str]:
    """Return the concepts by which an order can set parameters that are not just texts."""
    typed = {word for one in parameters if not one.is_text for word in one.words}
    return typed.union(*(concepts(tokens(" ".join(one.choices))) for one in parameters))


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
    behind the first `own` characters was said before the order.
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
    guessed: bool = False
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
        words = [word for word in tokens(self.rest) if word.lower() not in PASSING | {"s"}]
        words = [word for word in words if not (is_number(word) or self.knows(word))]
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
