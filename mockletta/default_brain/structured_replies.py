"""Structured replies: JSON that a response format or a message demands."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mockletta.brain.json_schemas import DEEPEST, Schema, limit, resolved
from mockletta.brain.tool_parameters import kind_of
from mockletta.default_brain.memory.answers import bare_value, named_values
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.clause_meaning import is_given_name
from mockletta.language.sentences import ITEMS, is_factual, kind, sentences
from mockletta.language.words import (
    NUMBERS,
    expand,
    lexicon,
    name_words,
    number,
    pattern,
    patterns,
    rows,
    stem,
    tokens,
    word_set,
)
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow

BARE = patterns("bare")
DIGITS = pattern("argument.number")
SPOKEN = lexicon("spoken")
EXAMPLES = {stem(kind): line.split() for kind, line in rows("examples").items()}
NEUTRAL = word_set("unknown neutral other none unspecified unclear na")
FORMATS = {
    "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "time": "00:00:00Z",
    "email": "nobody@example.com", "uri": "https://example.com", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "ipv4": "127.0.0.1", "hostname": "example.com",
}  # fmt: skip
UNKNOWN = "unknown"
COUNTED = word_set("age count quantity amount number year total size")
PLACES = word_set("city town place location country destination")
NAMES = word_set("name full_name fullname person customer")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
FULL_NAME = re.compile(
    r"(?:^|: |\bI am |\bI'm |\bfor |\bis )(?!I\b)([A-Z][\w'-]+(?: [A-Z][\w'-]+)+)"
)
NAMED = re.compile(r"(?:\bI am |\bI'm |\b[Nn]ame is |\bcalled )([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)")
DESCRIBING = word_set("reason reasoning summary description explanation comment")
POSITIVE, NEGATIVE_WORDS = lexicon("positive"), lexicon("negative")
POSITIVE_NAMES = word_set("positive good happy pos")
NEGATIVE_NAMES = word_set("negative bad unhappy sad neg")
PLACE = re.compile(r"\b(?:in|at|to) ([A-Z][\w'-]*(?: [A-Z][\w'-]*)*)")
LONGEST = 2000
MOST_VALUES, MOST_LEVELS = 2000, 50


def without_json_order(text: str) -> str | None:
    """Return a message without its order to answer in JSON. None if it has none."""
    match = BARE.as_json.search(text[:LONGEST]) if "json" in text.lower() else None
    if match is None:
        return None
    sentence = next((one for one in sentences(text) if match[0].strip() in one), "")
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    rest = f"{before}{'' if after[:1] in '.?!' else ' '}{after}".strip()
    if (kind(sentence) == "statement" and is_factual(sentence)) or rest.startswith(("{", "[")):
        return None
    return rest if any(map(str.isalpha, rest)) else None


def as_json(
    text: str, said: str, sources: Sources, order: str = "", *, is_array: bool = False
) -> str:
    """Return a reply in JSON: what is asked for by its name, or its list, else the reply."""
    keys = _keyed(said) or _keyed(order)
    found = named_values(said, sources) if not _keyed(order) else {}
    if keys and not found:
        return json.dumps(Filling(text, said, sources, keys).value(keys), ensure_ascii=False)
    lists = [one for one in found.values() if isinstance(one, list)]
    told = lists[0] if is_array and len(found) == len(lists) == 1 else found or {"reply": text}
    return json.dumps(told, ensure_ascii=False)


def _keyed(said: str) -> Schema:
    """Return a schema for the keys that a message names: `the keys name and age`."""
    keys = BARE.keys.search(said)
    names = ITEMS.split(keys["keys"]) if keys else []
    kinds = {name: {"type": "integer" if name in COUNTED else "string"} for name in names}
    return {"properties": kinds, "required": names} if names else {}


def structured(
    text: str, said: str, response_format: Mapping[str, object], sources: Sources
) -> str:
    """Return a reply as JSON: the object that a schema asks for, or one with the reply in it."""
    held = response_format.get("json_schema")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    schema = schema if isinstance(schema, Mapping) else _keyed(said) or None
    if not isinstance(schema, Mapping):
        found = stated_fields(said) or {"reply": text}
        return json.dumps(found, ensure_ascii=False)
    return json.dumps(Filling(text, said, sources, schema).value(schema), ensure_ascii=False)


def stated_fields(said: str) -> dict[str, object]:
    """Return the fields that an order for an object states: `a user with name Eva and age 31`."""
    if listed := listed_examples(said):
        return {listed[0]: list(listed[1])}
    stated = BARE.with_fields.search(said[:LONGEST])
    pairs = BARE.field.finditer(stated[0]) if stated else ()
    texts = {one["key"]: one["value"].strip("\"'") for one in pairs}
    return {key: int(one) if one.isdecimal() else one for key, one in texts.items()}


def listed_examples(text: str) -> tuple[str, Sequence[str]] | None:
    """Return the examples of a kind of thing that a message asks for: `Name two fruits`."""
    match = BARE.listed.search(expand(text[:LONGEST]))
    examples = EXAMPLES.get(stem(match["kind"].lower()), ()) if match else ()
    count = (number(match["count"]) or 3) if match else 0
    return (match["kind"].lower(), examples[:count]) if match and examples else None


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills a schema: `text` is the reply in words, `said` what the user said.

    It makes at most `MOST_VALUES` values: a schema may require itself without end.
    """

    text: str
    said: str
    sources: Sources
    root: Schema
    left: Iterator[int] = field(default_factory=lambda: iter(range(MOST_VALUES)))

    def value(self, schema: Schema, name: str = "", depth: int = 0) -> object:
        """Return a value that conforms to a schema, for a property of that name."""
        schema = self.resolved(schema)
        if depth > MOST_LEVELS or next(self.left, None) is None:
            return None
        if "const" in schema:
            return schema["const"]
        choices = schema.get("enum")
        if isinstance(choices, list) and choices:
            return self._choice(choices)
        kind = kind_of({"type": schema["type"]} if "type" in schema else schema)
        if kind == "object" or (kind == "other" and "properties" in schema):
            return self._object(schema, depth)
        if kind == "array":
            return self._items(schema, name, depth)
        return self._single(schema, name, kind)

    def _single(self, schema: Schema, name: str, kind: str) -> object:
        if kind in ("integer", "number"):
            return self._number(schema, name, whole=kind == "integer")
        if kind == "boolean":
            return self._truth(name)
        return None if schema.get("type") == "null" else self._text(schema, name)

    def resolved(self, schema: Schema) -> Schema:
        return resolved(schema, self.root)

    def _object(self, schema: Schema, depth: int) -> dict[str, object]:
        properties = schema.get("properties")
        required = schema.get("required")
        named = properties if isinstance(properties, Mapping) else {}
        needed = required if isinstance(required, list) else []
        names = [name for name in named if depth < DEEPEST or name in needed]
        filled = {
            str(name): self.value(one if isinstance(one, Mapping) else {}, str(name), depth + 1)
            for name, one in named.items()
            if name in needed or (name in names and depth < 2)
        }
        filled |= {
            name: [] for name, one in filled.items() if one == [UNKNOWN] and name not in needed
        }
        return filled | {str(n): UNKNOWN for n in needed if n not in named}

    def _items(self, schema: Schema, name: str, depth: int) -> list[object]:
        least = min(limit(schema, "minItems", 0), MOST_VALUES)
        most = limit(schema, "maxItems", max(least, 100))
        items = schema.get("items")
        inner = items if isinstance(items, Mapping) else {}
        prefix = schema.get("prefixItems")
        fixed = prefix if isinstance(prefix, list) else []
        values = [self.value(x, name, depth + 1) for x in fixed if isinstance(x, Mapping)]
        count = max(int(least), 1) if depth < 4 else int(least)
        listed = re.search(rf"\b{re.escape(name)}:\s*([^\n.;]+)", self.said, re.IGNORECASE)
        values = values or self._counted(self.resolved(inner), depth)
        if listed and name and not values and self.resolved(inner).get("type") == "string":
            values = [one for one in re.split(r",\s*(?:and )?|\s+and\s+", listed[1].strip()) if one]
        values += [self.value(inner, name, depth + 1) for _ in range(count - len(values))]
        if schema.get("uniqueItems"):
            values = [f"{v} {n}" if n and isinstance(v, str) else v for n, v in enumerate(values)]
        return values[: int(most)]

    def _counted(self, inner: Schema, depth: int) -> list[object]:
        """Return an object for each number of things: `2 pizzas and a cola`."""
        properties = inner.get("properties")
        named = properties if isinstance(properties, Mapping) else {}
        kinds = {kind_of(one): str(key) for key, one in named.items() if isinstance(one, Mapping)}
        counts, names = kinds.get("integer", kinds.get("number")), kinds.get("string")
        if not counts or not names:
            return []
        base = self._object(inner, depth + 1)
        things = BARE.counted.finditer(expand(self.said))
        return [{**base, counts: number(one["count"]) or 1, names: one["thing"]} for one in things]

    def _choice(self, choices: list[object]) -> object:
        words = {word.lower() for word in tokens(self.said)}
        texts = [one for one in choices if isinstance(one, str)]
        named = (one for one in texts if {w.lower() for w in tokens(one)} <= words and one)
        mood = len(words & POSITIVE) - len(words & NEGATIVE_WORDS)
        told = POSITIVE_NAMES if mood > 0 else NEGATIVE_NAMES if mood < 0 else NEUTRAL
        calm = (one for one in texts if one.lower() in told)
        return next(named, next(calm, choices[0]))

    def _truth(self, name: str) -> bool:
        words = {word.lower() for word in tokens(self.said)}
        return {word.lower() for word in name_words(name)} <= words and not {"not", "no"} & words

    def _number(self, schema: Schema, name: str, *, whole: bool) -> float | int:
        numbers = DIGITS.findall(self.said)
        found = self._known(name, "number") or (numbers[0] if len(numbers) == 1 else "")
        digits = DIGITS.search(found)
        spelled = next((NUMBERS[w.lower()] for w in tokens(found) if w.lower() in NUMBERS), None)
        value = float(digits[0].replace(",", "")) if digits else float(spelled or 0)
        low, high = limit(schema, "minimum", -math.inf), limit(schema, "maximum", math.inf)
        low = max(low, limit(schema, "exclusiveMinimum", low - 1) + 1)
        high = min(high, limit(schema, "exclusiveMaximum", high + 1) - 1)
        value = min(max(value, low), max(high, low))
        step = limit(schema, "multipleOf", 0)
        if step:
            value = step * -(-value // step)
        return int(value) if whole or value == int(value) else value

    def _text(self, schema: Schema, name: str) -> str:
        shape = schema.get("format")
        spoken = {word.lower() for word in name_words(name)} & SPOKEN or not name
        reply = self.said if name in DESCRIBING and self.text.startswith("Got it") else self.text
        found = reply if spoken else self._known(name) or UNKNOWN
        if isinstance(shape, str) and shape in FORMATS:
            found = FORMATS[shape]
        least, most = limit(schema, "minLength", 0), limit(schema, "maxLength", len(found))
        return _fitted(found.ljust(int(least), ".")[: max(int(most), int(least))], schema)

    def _known(self, name: str, noun: str = "") -> str:
        if not name:
            return ""
        match name.lower():
            case key if key in PLACES and not noun and (place := PLACE.search(self.said)):
                return place[1]
            case key if "mail" in key and (mail := MAIL.search(self.said)):
                return mail[0]
            case key if key in NAMES and (named := FULL_NAME.search(self.said)):
                return named[1]
            case "name" if (named := NAMED.search(self.said)) and is_given_name(named[1]):
                return named[1]
        stated = stated_fields(self.said)
        return str(stated.get(name) or bare_value(" ".join(name_words(name)), self.sources, noun))


def _fitted(text: str, schema: Schema) -> str:
    """Return a text that matches the pattern of a schema, if a simple one does."""
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return text
    tries = (text, *(re.sub(r"[\^$]", "", pattern),), "A", "a", "0", "00", "000", "AAA", "0000")
    try:
        expression, budget = Expression(pattern), Budget()
        return next((one for one in tries if expression.search(one, budget)), text)
    except (BadExpression, ExpressionTooSlow):
        return text
