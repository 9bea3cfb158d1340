"""Reply forms: what the system prompt demands of every reply, and JSON."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.brain.history import own_instructions
from mockletta.brain.tool_parameters import kind_of
from mockletta.default_brain.answers import (
    bare_value,
    named_values,
)
from mockletta.default_brain.exact_replies import literal
from mockletta.default_brain.knowledge import Sources
from mockletta.default_brain.sentences import is_factual, kind, sentences
from mockletta.default_brain.typed_values import DIGITS
from mockletta.default_brain.words import (
    NUMBERS,
    concepts,
    expand,
    lexicon,
    name_words,
    patterns,
    tokens,
    word_set,
)
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow

PROMPT = patterns("prompt")
LONGEST_SPOKEN = 300
ASKING = frozenset(concepts(tokens("someone anyone user person human customer people asked asks")))
SPECIFIC = re.compile(r"^(?!You\b)(?:[A-Z][\w'-]*)")
SOLE = 200


@dataclass(frozen=True, slots=True)
class Instructions:
    """The form of every reply: `fixed` replaces it, the others shape it.

    `on_demand` are replies to what is asked for, by its concepts; `who` is who the agent is.
    """

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    case: str = ""
    who: str = ""
    on_demand: tuple[tuple[frozenset[str], str], ...] = field(default=())

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        if self.opening and not text.startswith(self.opening):
            text = f"{self.opening} {text}"
        if self.ending and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return {"upper": text.upper(), "lower": text.lower()}.get(self.case, text)

    def demanded(self, text: str) -> str | None:
        """Return the reply that is laid down for what a message asks for; None for any other."""
        said = frozenset(concepts(tokens(expand(text[:LONGEST_SPOKEN]))))
        return next((reply for wanted, reply in self.on_demand if wanted and wanted <= said), None)


@lru_cache(maxsize=256)
def instructions(system: str) -> Instructions:
    """Read the orders of a system prompt; its `<tagged>` sections hold none."""
    text = own_instructions(system).strip()
    sole = len(text) <= SOLE
    lines = [line for line in sentences(text) if line]
    read = [line for line in lines if not PROMPT.condition.search(line.split(":")[0])]
    return Instructions(
        fixed=_first(lambda line: _fixed(line, sole and len(lines) == 1), read),
        opening=_first(lambda line: _quoted_part(PROMPT.opening, line), read) or "",
        ending=_first(lambda line: _quoted_part(PROMPT.ending, line), read) or "",
        case=_first(_case, read) or "",
        who=_first(_who, lines) or "",
        on_demand=tuple(filter(None, map(_on_demand, lines))),
    )


def _first(find: Callable[[str], str | None], lines: list[str]) -> str | None:
    return next((found for line in lines if (found := find(line))), None)


def _fixed(line: str, sole: bool) -> str | None:
    match = PROMPT.fixed.match(PROMPT.prefix.sub("", line))
    if not match or not (sole or PROMPT.strong.search(line)):
        return None
    return literal(match["rest"])


def _quoted_part(form: re.Pattern[str], line: str) -> str:
    match = form.search(line)
    return (literal(match["rest"]) or "") if match else ""


def _case(line: str) -> str:
    match = PROMPT.case.search(line) if PROMPT.strong.search(line) else None
    if not match:
        return ""
    return "lower" if "low" in match["case"].lower() else "upper"


def _who(line: str) -> str:
    match = PROMPT.who.match(line)
    if match is None or not (
        SPECIFIC.match(match["who"]) or " named " in line or " called " in line
    ):
        return ""
    return match["who"].rstrip(" .!")


def _on_demand(line: str) -> tuple[frozenset[str], str] | None:
    match = PROMPT.asked_for.match(line)
    reply = literal(match["rest"]) if match else None
    if match is None or reply is None:
        return None
    return frozenset(concepts(tokens(expand(match["case"])))) - ASKING, reply


BARE = patterns("bare")

SPOKEN = lexicon("spoken")
NEUTRAL = word_set("unknown neutral other none unspecified unclear na")
FORMATS = {
    "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "time": "00:00:00Z",
    "email": "nobody@example.com", "uri": "https://example.com", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "ipv4": "127.0.0.1", "hostname": "example.com",
}  # fmt: skip
UNKNOWN = "unknown"
PLACES = word_set("city town place location country destination")
PLACE = re.compile(r"\b(?:in|at|to) ([A-Z][\w'-]*(?: [A-Z][\w'-]*)*)")
DEEPEST = 12
LONGEST = 2000
Schema = Mapping[str, object]


def without_json_order(text: str) -> str | None:
    """Return a message without its order to answer in JSON; None where it has none."""
    match = BARE.as_json.search(text[:LONGEST]) if "json" in text.lower() else None
    if match is None:
        return None
    sentence = next((one for one in sentences(text) if match[0].strip() in one), "")
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    rest = f"{before}{'' if after[:1] in '.?!' else ' '}{after}".strip()
    if (kind(sentence) == "statement" and is_factual(sentence)) or rest.startswith(("{", "[")):
        return None
    return rest if any(map(str.isalpha, rest)) else None


def as_json(text: str, said: str, sources: Sources) -> str:
    """Return a reply in JSON: what is asked for by its name, else the reply itself."""
    return json.dumps(named_values(said, sources) or {"reply": text}, ensure_ascii=False)


def structured(
    text: str, said: str, response_format: Mapping[str, object], sources: Sources
) -> str:
    """Return a reply as JSON: the object that a schema asks for, or one with the reply in it."""
    held = response_format.get("json_schema")
    schema = held.get("schema") if isinstance(held, Mapping) else None
    if not isinstance(schema, Mapping):
        return json.dumps({"reply": text}, ensure_ascii=False)
    return json.dumps(Filling(text, said, sources, schema).value(schema), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills a schema: `text` is the reply in words, `said` what the user said."""

    text: str
    said: str
    sources: Sources
    root: Schema

    def value(self, schema: Schema, name: str = "", depth: int = 0) -> object:
        """Return a value that conforms to a schema, for a property of that name."""
        schema = self._resolved(schema)
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

    def _resolved(self, schema: Schema) -> Schema:
        """Return a schema with its references and parts resolved, and one alternative chosen."""
        for _ in range(DEEPEST):
            reference = schema.get("$ref")
            if isinstance(reference, str):
                schema = self._referred(reference)
                continue
            whole = schema.get("allOf")
            parts = (
                [one for one in whole if isinstance(one, Mapping)]
                if isinstance(whole, list)
                else []
            )
            alternatives = schema.get("anyOf") or schema.get("oneOf")
            if parts:
                rest = {key: value for key, value in schema.items() if key != "allOf"}
                schema = _merged([*(self._resolved(one) for one in parts), rest])
            elif isinstance(alternatives, list) and alternatives:
                chosen = [one for one in alternatives if isinstance(one, Mapping)]
                schema = next((x for x in chosen if x.get("type") != "null"), {"type": "null"})
            else:
                break
        return schema

    def _referred(self, reference: str) -> Schema:
        found: object = self.root
        for part in reference.removeprefix("#").strip("/").split("/"):
            if part:
                found = found.get(part) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else {}

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
        return filled | {str(n): UNKNOWN for n in needed if n not in named}

    def _items(self, schema: Schema, name: str, depth: int) -> list[object]:
        least, most = _limit(schema, "minItems", 0), _limit(schema, "maxItems", 100)
        items = schema.get("items")
        inner = items if isinstance(items, Mapping) else {}
        prefix = schema.get("prefixItems")
        fixed = (
            [one for one in prefix if isinstance(one, Mapping)] if isinstance(prefix, list) else []
        )
        values = [self.value(one, name, depth + 1) for one in fixed]
        count = max(int(least), 1) if depth < 4 else int(least)
        listed = re.search(rf"\b{re.escape(name)}:\s*([^\n.;]+)", self.said, re.IGNORECASE)
        if listed and name and not values and self._resolved(inner).get("type") == "string":
            values = [one for one in re.split(r",\s*(?:and )?|\s+and\s+", listed[1].strip()) if one]
        values += [self.value(inner, name, depth + 1) for _ in range(count - len(values))]
        if schema.get("uniqueItems"):
            values = [f"{v} {n}" if n and isinstance(v, str) else v for n, v in enumerate(values)]
        return values[: int(most)]

    def _choice(self, choices: list[object]) -> object:
        words = {word.lower() for word in tokens(self.said)}
        texts = [one for one in choices if isinstance(one, str)]
        named = (one for one in texts if {w.lower() for w in tokens(one)} <= words and one)
        calm = (one for one in texts if one.lower() in NEUTRAL)
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
        low, high = _limit(schema, "minimum", -math.inf), _limit(schema, "maximum", math.inf)
        low = max(low, _limit(schema, "exclusiveMinimum", low - 1) + 1)
        high = min(high, _limit(schema, "exclusiveMaximum", high + 1) - 1)
        value = min(max(value, low), max(high, low))
        step = _limit(schema, "multipleOf", 0)
        if step:
            value = step * -(-value // step)
        return int(value) if whole or value == int(value) else value

    def _text(self, schema: Schema, name: str) -> str:
        shape = schema.get("format")
        spoken = {word.lower() for word in name_words(name)} & SPOKEN or not name
        found = self.text if spoken else self._known(name) or UNKNOWN
        if isinstance(shape, str) and shape in FORMATS:
            found = FORMATS[shape]
        least, most = _limit(schema, "minLength", 0), _limit(schema, "maxLength", len(found))
        return _fitted(found.ljust(int(least), ".")[: max(int(most), int(least))], schema)

    def _known(self, name: str, noun: str = "") -> str:
        if not name:
            return ""
        known = bare_value(" ".join(name_words(name)), self.sources, noun)
        return known or (self._place() if name.lower() in PLACES and not noun else "")

    def _place(self) -> str:
        """Return the place that a message names: `in Lyon`."""
        match = PLACE.search(self.said)
        return match[1] if match else ""


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


def _limit(schema: Schema, key: str, default: float) -> float:
    value = schema.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and isinstance(value, int | float) else default


def _merged(schemas: list[Schema]) -> Schema:
    merged: dict[str, object] = {}
    for schema in schemas:
        for key, value in schema.items():
            old = merged.get(key)
            if isinstance(old, dict) and isinstance(value, Mapping):
                merged[key] = {**old, **value}
            elif isinstance(old, list) and isinstance(value, list):
                merged[key] = [*old, *value]
            else:
                merged[key] = value
    return merged
