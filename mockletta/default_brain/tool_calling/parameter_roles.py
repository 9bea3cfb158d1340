"""Parameter roles: what a parameter of a tool is for, by the words of its name or description."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from mockletta.brain.decisions import ToolSchema
from mockletta.brain.json_schemas import resolved
from mockletta.brain.tool_parameters import Parameter, parameters_of, required_of
from mockletta.language.words import (
    ACT_STEMS,
    SILENT,
    base,
    concept,
    concepts,
    lexicon,
    name_words,
    rows,
    stem,
    tokens,
    word_set,
)

ROLES = {role: word_set(line) for role, line in rows("role").items()}
HEADS = {role: tuple(line.split()) for role, line in rows("head").items()}
NAMING = frozenset(HEADS["title"])
PREPOSITIONS = frozenset().union(*HEADS.values()) - NAMING
LOOKS = {look: word_set(line) for look, line in rows("look").items()}
MEASURES = {measure: word_set(line) for measure, line in rows("measure").items()}
SIZES = {
    unit: (key.partition(".")[0], float(key.partition(".")[2]))
    for key, line in rows("size").items()
    for unit in line.split()
}
SENSES = {
    concept(one) or one: frozenset(map(stem, line.split())) for one, line in rows("sense").items()
}
SHORT = rows("short")
MONEY = {word: code for code, line in rows("money").items() for word in line.split()}
NAMED_THINGS = lexicon("named_things")
ASKING = word_set("who where when")
AMBIGUOUS = word_set("start end")  # of a route or of a meeting
DIRECT = word_set("topic title name text")
WORDED = word_set("title text")
TYPED = word_set("language currency unit")
LONGEST = 300
LONGEST_DESCRIPTION = 2000
LONGEST_KEPT = 10_000
LONGEST_NAME = 100
MOST_CHOICES = 500


@lru_cache(1024)
def about(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the concepts of a tool's name and of its description."""
    return frozenset(filter(None, map(topic, name_words(name)))), frozenset(
        concepts(tokens(description))
    )


def topic(word: str) -> str:
    """Return the concept of a word, also of one that says nothing by itself, such as `note`."""
    return concept(word) or (stem(word.lower()) if len(word) > 3 else "")


@lru_cache(2048)
def senses(word: str) -> frozenset[str]:
    """Return the concepts that a word brings to mind: `cab` a taxi."""
    root = stem(base(word))
    return frozenset(one for one, line in SENSES.items() if root in line)


def _named(table: dict[str, frozenset[str]], words: Iterator[str]) -> frozenset[str]:
    known = set(words)
    return frozenset(name for name, line in table.items() if not line.isdisjoint(known))


class RoleParameter(Parameter):
    """A parameter, and what the words of an order have to look like to be its value."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The words of its name."""
        return tuple(part.lower() for part in name_words(self.name[:LONGEST_NAME]))

    @cached_property
    def words(self) -> frozenset[str]:
        """The concepts of its name."""
        return about(self.name, "")[0]

    @cached_property
    def described(self) -> list[str]:
        """The words of its description."""
        return [word.lower() for word in tokens(self.description[:LONGEST])]

    @cached_property
    def hints(self) -> frozenset[str]:
        """The concepts of its name and of its description."""
        return self.words.union(concepts(self.described))

    @cached_property
    def roles(self) -> frozenset[str]:
        """What it is for: `place`, `person`, `date`."""
        telling = [one for one in self.described if one in ASKING or one not in SILENT | {"name"}]
        told = _named(ROLES, iter(telling[:6]))
        parts = [*self.parts, "".join(self.parts)]
        named = _named(ROLES, (part for part in parts if part not in AMBIGUOUS))
        if named <= {"from", "to"}:
            named |= told
        return named or _named(ROLES, iter(self.parts))

    @cached_property
    def measures(self) -> frozenset[str]:
        """What a number stands for in it: `money`, `percent`, `duration`."""
        return _named(MEASURES, iter(self.parts)) or _named(MEASURES, iter(self.described))

    @cached_property
    def size(self) -> tuple[str, float]:
        """What it measures and in what unit: `minutes` time in units of 60 seconds."""
        words = (*self.parts, *self.described)
        return next((SIZES[one] for one in words if one in SIZES), ("", 1))

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The words that its value stands behind, the likeliest first: `to` for a recipient."""
        listed = ("with",) if self.kind == "array" else ()
        roles = self.roles & {"from", "to"} or self.roles
        return (*listed, *(head for role in sorted(roles) for head in HEADS.get(role, ())))

    @cached_property
    def look(self) -> str:
        """The look that only its values have: that of an `email`, a `url`; "" for none."""
        if not self.is_text or self.roles & DIRECT:
            return ""
        return next((look for look, words in LOOKS.items() if words.intersection(self.parts)), "")

    @property
    def is_text(self) -> bool:
        return self.kind == "string" and not self.choices

    @property
    def is_typed(self) -> bool:
        """Whether only certain words can be its value: a choice, a number, an e-mail address."""
        return bool(self.roles & TYPED) or self.look not in ("", "path") or not self.is_text

    @property
    def is_number(self) -> bool:
        return self.kind in ("integer", "number")

    @property
    def counts(self) -> bool:
        """Whether it takes a number or a list of numbers."""
        return self.is_number or self.items in ("integer", "number")

    @property
    def is_list(self) -> bool:
        """Whether it takes a list of texts."""
        return self.kind == "array" and self.items in ("string", "other")

    @property
    def is_timed(self) -> bool:
        return self.is_text and not self.roles.isdisjoint(("date", "time"))

    @property
    def is_worded(self) -> bool:
        """Whether it takes a text in somebody's words: a message, a title."""
        return self.is_text and bool(self.roles & WORDED)

    @property
    def is_direct(self) -> bool:
        """Whether it takes what stands right behind the verb: `play Yesterday`."""
        return not self.roles or not self.roles.isdisjoint(DIRECT)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What a message may call it: its name, then words of its name."""
        parts = re.split(r"[\W_]+", self.name[:LONGEST_NAME].lower())
        told = [one for one in parts if len(one) > 2 and one not in SILENT | NAMING]
        told += [SHORT[one] for one in parts if one in SHORT]
        return tuple(dict.fromkeys(filter(None, (" ".join(self.parts), *told, *self.verbs))))

    @cached_property
    def label_words(self) -> dict[str, list[tuple[str, ...]]]:
        """Its labels by their first words, each as its words."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for label in {*self.labels, self.name[:LONGEST_NAME].lower()}:
            words = tuple(label.split())
            found.setdefault("".join(words[:1]), []).append(words)
        return found

    @cached_property
    def synonyms(self) -> frozenset[str]:
        """Other names of a text in somebody's words, before a colon: `Text:` for the body."""
        return frozenset[str]().union(*(ROLES[one] for one in self.roles & WORDED))

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The verbs and participles that its value may stand behind: `labeled`, `mentioning`."""
        found: set[str] = set()
        for part in self.parts:
            root = part.removesuffix("s").removesuffix("ee").removesuffix("e")
            if len(root) > 2 and part not in SILENT:
                found |= {f"{root}{end}ed" for end in ("", root[-1])}
                if self.kind == "array":
                    found |= {root, f"{root}e", f"{root}ing", f"{root}{root[-1]}ing"}
        return frozenset(found)


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
    required = [every.get(one.name) or _with_role(one) for one in required_of(tool)]
    optional = [one for one in every.values() if one not in required]
    verb = stem(next(iter(name_words(tool.name)), "").lower())
    words = [one.words for one in (*required, *optional)]
    known = named.union(described, ACT_STEMS.get(verb, ()), *words)
    choices = " ".join(choice for one in every.values() for choice in one.choices)
    return ToolParameters(
        list(every), required, optional, known, frozenset(concepts(tokens(choices))), parents
    )


def _flat(tool: ToolSchema) -> tuple[ToolSchema, dict[str, str]]:
    """Return a tool that takes the properties of objects by themselves, and whose they are."""
    properties = tool.parameters.get("properties")
    if not isinstance(properties, dict):
        return tool, {}
    required = [one.name for one in required_of(tool)]
    found: dict[str, object] = {}
    parents: dict[str, str] = {}
    for name, schema in properties.items():
        whole = resolved(schema, tool.parameters)
        inner = whole.get("properties")
        if not isinstance(inner, dict) or not inner.keys().isdisjoint([*properties, *found]):
            found[name] = whole
            continue
        found |= inner
        parents |= dict.fromkeys(inner, name)
        if name in required:
            required.remove(name)
            required += [one.name for one in required_of(replace(tool, parameters=whole))]
    flat = {**tool.parameters, "properties": found, "required": required}
    return (replace(tool, parameters=flat), parents) if parents else (tool, parents)


def _with_role(one: Parameter) -> RoleParameter:
    choices = one.choices[:MOST_CHOICES]
    return RoleParameter(one.name, one.kind, choices, one.explains, one.description, one.items)
