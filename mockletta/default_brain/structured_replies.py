"""Structured replies: JSON that a response format or a message demands."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import length_hint

from mockletta.brain.json_schemas import Schema, limit, resolved
from mockletta.brain.tool_parameters import kind_of
from mockletta.default_brain.memory.answers import bare_value, named_values
from mockletta.default_brain.memory.bare_values import value
from mockletta.default_brain.memory.fact_sources import Sources, told_in
from mockletta.language.fact_matching import best
from mockletta.language.facts import Fact
from mockletta.language.questions import query
from mockletta.language.sentences import ITEMS, is_factual, kind, sentences
from mockletta.language.small_talk import mood
from mockletta.language.words import (
    categories,
    lexicon,
    name_words,
    number,
    pattern,
    pattern_text,
    patterns,
    remembered,
    root,
    tokens,
    word_set,
)
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow

BARE = patterns("bare")
DIGITS = pattern("argument.number")
SPOKEN = lexicon("spoken")
NEUTRAL = word_set("unknown neutral other none unspecified unclear na")
FORMATS = {
    "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "time": "00:00:00Z",
    "email": "nobody@example.com", "uri": "https://example.com", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "ipv4": "127.0.0.1", "hostname": "example.com",
}  # fmt: skip
UNKNOWN = "unknown"
COUNTED = word_set("age count quantity amount number year total size")
NAME = r"([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)"
AMOUNT = r"(\d[\d,]*(?:\.\d+)?)"
OF_A_THING = "that|which|for|by|worth|at|from|to|with|costs?|is|priced|delivered"
STATED = {
    "mail email e_mail email_address": re.compile(r"([\w.+-]+@[\w-]+\.[\w.-]*\w)"),
    "city town place location country destination": re.compile(rf"\b(?:in|at|to) {NAME}"),
    "price cost": re.compile(
        rf"(?:[$€£] ?|\b(?:costs?|worth|priced at|price(?: is| of)?) [$€£]?){AMOUNT}"
        rf"|{AMOUNT} ?(?:euros?|dollars?|pounds?|usd|eur|gbp|[$€£])",
        re.IGNORECASE,
    ),
    "author writer": re.compile(rf"\bby {NAME}"),
    "title": re.compile(rf"\b(?:book|movie|film|song|novel|titled|called) [\"“]?{NAME}"),
    "name full_name fullname person customer": re.compile(
        r"(?:^(?=\S+ (?:[A-Z]|(?:is|was|has|works|lives)\b))(?!It |He |She |This |That |There )|: "
        rf"|\bI am |\bI'm |\b[Nn]ame is |\bcalled |\bfor |\b[Mm]y [a-z]+ )(?!I\b){NAME}"
    ),
    "name product item": re.compile(
        r"(?i:^(?:for )?|\b(?:order|buy|bought|sell|sold|add|want|need|get) )(?i:an? |the |some |"
        rf"(?:\d+|{pattern_text('sum.worded')}) (?:[a-z]+ of )?)((?:[a-z][\w-]* ){{0,3}}?"
        rf"[a-z][\w-]*)(?= (?:{OF_A_THING})\b|[.,!?;]|$)"
    ),
    "quantity": re.compile(rf"\b(\d+|{pattern_text('sum.worded')}) (?!euros|dollars|pounds)[a-z]"),
}
HAPPY, SAD = word_set("positive good happy pos"), word_set("negative bad unhappy sad neg")
BARE_VALUE = r"\b{}\b[\"']? ?(?:is|=|:|set to|as|being) ?(\"[^\"]*\"|'[^']*'|-?[\w.]*\w)"
LITERAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null")
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


def as_json(text: str, said: str, sources: Sources, order: str = "") -> str:
    """Return a reply in JSON: the keys or the things that are asked for, else the reply."""
    if given := _given(said) or _paired(said):
        return json.dumps(given, ensure_ascii=False)
    if keys := _keyed(said) or _keyed(order):
        named = BARE.keys.search(said)
        told = said[named.end() :].strip(" :,") if named else ""
        filled = Filling(text, told or BARE.keys.sub(" ", said), sources, keys).value(keys)
        return json.dumps(filled, ensure_ascii=False)
    return json.dumps(named_values(said, sources) or {"reply": text}, ensure_ascii=False)


def _names(said: str) -> list[str]:
    """Return the keys that a message names: `the keys name and age`."""
    keys = BARE.keys.search(said.replace('"', ""))
    return ITEMS.split(keys["keys"]) if keys else []


def _keyed(said: str) -> Schema:
    """Return a schema for the keys that a message names."""
    names = _names(said)
    kinds = {**dict.fromkeys(COUNTED, "integer"), "price": "number", "cost": "number"}
    typed = {name: {"type": kinds.get(name, "string")} for name in names}
    return {"properties": typed, "required": names} if names else {}


def _given(said: str) -> dict[str, object]:
    """Return the values that a message gives for the keys it names; {} if it does not give all."""
    names, listed = _names(said), BARE.values.search(said)
    stated = [re.search(BARE_VALUE.format(name), said) for name in names]
    values = ITEMS.split(listed["values"]) if listed else [one[1] for one in stated if one]
    bare = [one.strip("\"'“”") for one in values]
    read = map(_literal, bare)
    return dict(zip(names, read, strict=True)) if len(names) == len(bare) else {}


def _paired(said: str) -> dict[str, object]:
    """Return the values of a message that is a list of them: `city Malmo, zip 21119`."""
    pairs = [BARE.pair.match(one.strip()) for one in ITEMS.split(said.strip(" .{}"))]
    given = {one["key"]: _literal(one["told"] or one["bare"]) for one in pairs if one}
    return given if 1 < len(pairs) == len(given) else {}


def _literal(text: str) -> object:
    return json.loads(text) if LITERAL.fullmatch(text) else text


def structured(
    text: str, said: str, response_format: Mapping[str, object], sources: Sources
) -> str:
    """Return a reply as JSON: the object that a schema asks for, or one with the reply in it."""
    held = response_format.get("json_schema")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    schema = schema if isinstance(schema, Mapping) else _keyed(said)
    filled = Filling(text, said, sources, schema).value(schema) if schema else {"reply": text}
    return json.dumps(filled, ensure_ascii=False)


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
        schema = resolved(schema, self.root)
        if next(self.left, None) is None or depth > MOST_LEVELS:
            return None
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(choices, list) and choices:
            return self._choice(choices)
        kind = kind_of(schema)
        if kind == "object":
            return self._object(schema, depth)
        return self._items(schema, name, depth) if kind == "array" else self._single(schema, name)

    def _single(self, schema: Schema, name: str) -> object:
        match schema.get("type") or kind_of(schema):
            case "integer" | "number" as kind:
                return self._number(schema, name, whole=kind == "integer")
            case "boolean":
                return {word.lower() for word in name_words(name)} <= self._words()
            case "null":
                return None
        return self._text(schema, name)

    def _words(self) -> set[str]:
        return {word.lower() for word in tokens(self.said)}

    def _object(self, schema: Schema, depth: int) -> dict[str, object]:
        properties, required = schema.get("properties"), schema.get("required")
        named = properties if isinstance(properties, Mapping) else {}
        needed = required if isinstance(required, list) else []
        filled = {
            str(name): self.value(one if isinstance(one, Mapping) else {}, str(name), depth + 1)
            for name, one in named.items()
            if name in needed or depth < 2
        }
        return filled | {str(n): UNKNOWN for n in needed if n not in named}

    def _items(self, schema: Schema, name: str, depth: int) -> list[object]:
        least = min(limit(schema, "minItems", 0), MOST_VALUES)
        most = limit(schema, "maxItems", max(least, 100))
        items, prefix = schema.get("items"), schema.get("prefixItems")
        fixed = prefix if isinstance(prefix, list) else []
        values = [self.value(x, name, depth + 1) for x in fixed if isinstance(x, Mapping)]
        inner = items if isinstance(items, Mapping) else {}
        while len(values) < least and length_hint(self.left):
            values.append(self.value(inner, name, depth + 1))
        if schema.get("uniqueItems"):
            values = [f"{v} {n}" if n and isinstance(v, str) else v for n, v in enumerate(values)]
        return values[: int(most)]

    def _choice(self, choices: list[object]) -> object:
        """Return the choice that was named, or that fits the mood of what was said."""
        words = self._words()
        texts = [one for one in choices if isinstance(one, str)]
        named = (one for one in texts if one and {w.lower() for w in tokens(one)} <= words)
        felt = mood(self.said)
        moods = HAPPY if felt > 0 else SAD if felt else NEUTRAL
        fitting = (one for one in texts if one.lower() in moods)
        return next(named, next(fitting, choices[0]))

    def _number(self, schema: Schema, name: str, *, whole: bool) -> float | int:
        numbers = DIGITS.findall(self.said)
        found = self._stated(name, "number") or (numbers[0] if len(numbers) == 1 else "")
        found = found or self._recalled(name, "number")
        digits = DIGITS.search(found)
        low, high = limit(schema, "minimum", -math.inf), limit(schema, "maximum", math.inf)
        low = max(low, limit(schema, "exclusiveMinimum", low - 1) + 1)
        high = min(high, limit(schema, "exclusiveMaximum", high + 1) - 1)
        value = float(digits[0].replace(",", "") if digits else number(found) or 0)
        value = min(max(value, low), max(high, low))
        if step := limit(schema, "multipleOf", 0):
            value = step * -(-value // step)
        return int(value) if whole or value == int(value) else value

    def _text(self, schema: Schema, name: str) -> str:
        shape = schema.get("format")
        spoken = {word.lower() for word in name_words(name)} & SPOKEN or not name
        found = self.text if spoken else self._stated(name) or self._recalled(name) or UNKNOWN
        if isinstance(shape, str) and shape in FORMATS:
            found = FORMATS[shape]
        least, most = limit(schema, "minLength", 0), limit(schema, "maxLength", len(found))
        return _fitted(found.ljust(int(least), ".")[: max(int(most), int(least))], schema)

    def _stated(self, name: str, noun: str = "") -> str:
        """Return what the message itself says of a property."""
        forms = (form for names, form in STATED.items() if name.lower() in names.split())
        matches = (form.search(self.said) for form in forms)
        stated = next((found[found.lastindex or 0] for found in matches if found), "")
        of_kind = (one for one in tokens(self.said) if root(name.lower()) in categories(one))
        asked_for = query(f"What is the {' '.join(name_words(name))}?")
        facts = best(asked_for, _told(self.said))
        return stated or next(of_kind, "") or (value(asked_for, facts[-1], noun) if facts else "")

    def _recalled(self, name: str, noun: str = "") -> str:
        """Return what was told before of a property, unless the message only tells other things."""
        tells = _told(self.said) and all(kind(one) == "statement" for one in sentences(self.said))
        asked = " ".join(name_words(name))
        return bare_value(asked, self.sources, noun) if asked and not tells else ""


@remembered
def _told(said: str) -> list[Fact]:
    return told_in((said,), frozenset()).facts


def _fitted(text: str, schema: Schema) -> str:
    """Return a text that matches the pattern of a schema, if a simple one does."""
    pattern = schema.get("pattern")
    if not isinstance(pattern, str):
        return text
    tries = (text, re.sub(r"[\^$]", "", pattern), "A", "a", "0", "00", "000", "AAA", "0000")
    try:
        expression, budget = Expression(pattern), Budget()
        return next((one for one in tries if expression.search(one, budget)), text)
    except (BadExpression, ExpressionTooSlow):
        return text
