"""Reply forms: what the system prompt demands of every reply, and JSON."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mockletta.brain.decisions import ModelCall
from mockletta.brain.history import own_instructions
from mockletta.brain.json_schemas import DEEPEST, Schema, limit, resolved
from mockletta.brain.tool_parameters import kind_of
from mockletta.default_brain.answers import (
    bare_value,
    named_values,
)
from mockletta.default_brain.fact_sources import Sources
from mockletta.language.sentences import is_factual, kind, quotation, sentences
from mockletta.language.typed_values import DIGITS
from mockletta.language.words import (
    NUMBERS,
    concepts,
    expand,
    lexicon,
    name_words,
    number,
    patterns,
    rewritten,
    rows,
    stem,
    tokens,
    word_set,
)
from mockletta.search.expressions import BadExpression, Budget, Expression, ExpressionTooSlow

PROMPT = patterns("prompt")
BARE_WORD = re.compile(r"^[^\s,;]+$")
SHOUTED = re.compile(r"^[^a-z]*[A-Z][^a-z]*$")
SHORT = word_set("yes no ok okay pong ping hello hi hey bye done ready true false ack roger")
LANGUAGES = lexicon("formats")
TAIL_LENGTH = 200
LONGEST_LITERAL = 20_000


def literal(rest: str) -> str | None:
    """Return the text an order names after its verb, or None where it names none.

    Named is what stands in quotes, after a colon, after a noun like `the word`, or a single
    word in capitals.
    """
    rest = rest[:LONGEST_LITERAL]
    opening = PROMPT.filler.match(rest)
    assert opening is not None
    core = rest[opening.end() :].strip()
    if not core:
        return None
    if quoted := quotation(core):
        text, after = quoted
        return (
            text if not after.strip(" .!?,") or PROMPT.tail.fullmatch(after[:TAIL_LENGTH]) else None
        )
    core = core[:-TAIL_LENGTH] + PROMPT.tail.sub("", core[-TAIL_LENGTH:])
    return _worded(core, opening["noun"] or "", opening["mark"] == ":")


def _worded(core: str, noun: str, marked: bool) -> str | None:
    text = core.rstrip(".!") if len(core.split()) < 4 else core
    word = text.lower()
    if marked or (core[0] in "{[" and core[-1] in "}]"):
        return text or None
    if not BARE_WORD.match(text) or (word in LANGUAGES and noun != "word"):
        return None
    return text if noun or SHOUTED.match(text) or word in SHORT else None


ASKING = frozenset(concepts(lexicon("asking")))
SPECIFIC = re.compile(r" (?:named|called|at|of) |^[A-Z]")
SOLE = 200
ONE_WORD = {
    "Yes": "Yes.",
    "No": "No.",
    "I don't know": "Unknown.",
    "Got it": "Noted.",
    "Hello": "Hello!",
}


@dataclass(frozen=True, slots=True)
class Instructions:
    """The form of every reply: `fixed` replaces it, the others shape it.

    `on_demand` are replies to what is asked for, by its concepts, `who` is who the agent is and
    `greeting` how it greets. A `brief` reply is one word.
    """

    fixed: str | None = None
    opening: str = ""
    ending: str = ""
    case: str = ""
    who: str = ""
    greeting: str = ""
    brief: bool = False
    on_demand: tuple[tuple[frozenset[str], str], ...] = field(default=())

    def apply(self, text: str) -> str:
        """Return the reply as ordered."""
        if self.fixed is not None:
            return self.fixed
        if self.brief:
            text = _in_one_word(text)
        if self.opening and not text.startswith(self.opening):
            text = f"{self.opening} {text}"
        if self.ending and not text.endswith(self.ending):
            text = f"{text} {self.ending}"
        return {"upper": text.upper(), "lower": text.lower()}.get(self.case, text)

    def demanded(self, text: str) -> str | None:
        """Return the reply that is laid down for what a message asks for; None for any other."""
        plainer = rewritten(expand(text[:LONGEST]), "demand")
        said = frozenset(concepts(tokens(plainer)))
        return next((reply for wanted, reply in self.on_demand if wanted and wanted <= said), None)


def _in_one_word(text: str) -> str:
    form = next((word for start, word in ONE_WORD.items() if text.startswith(start)), "")
    return form or (text if len(text.split()) < 2 else "Unable.")


def instructions(call: ModelCall) -> Instructions:
    """Read the orders of a system prompt and of the persona block."""
    persona = (one.value for one in call.blocks if one.label == "persona")
    return read_orders(call.system, "\n".join(persona))


@lru_cache(maxsize=256)
def read_orders(system: str, persona: str = "") -> Instructions:
    """Read the orders of a system prompt and a persona. Their `<tagged>` sections hold none."""
    text = own_instructions(system).strip()
    sole = len(text) <= SOLE
    lines = [line for one in (text, persona) for line in sentences(one)]
    read = [line for line in lines if not PROMPT.condition.search(line.split(":")[0])]
    return Instructions(
        fixed=_first(lambda line: _fixed(line, sole and len(lines) == 1), read) if text else None,
        opening=_first(lambda line: _quoted_part(PROMPT.opening, line), read) or "",
        ending=_first(lambda line: _quoted_part(PROMPT.ending, line), read) or "",
        case=_first(_case, read) or "",
        who=_first(_who, lines) or "",
        greeting=_first(lambda line: _quoted_part(PROMPT.greets, line), read) or "",
        brief=any(map(PROMPT.brief.search, read)),
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
        SPECIFIC.search(match["who"]) or re.search(" (?:named|called) ", line)
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
EXAMPLES = {stem(kind): line.split() for kind, line in rows("examples").items()}
NEUTRAL = word_set("unknown neutral other none unspecified unclear na")
FORMATS = {
    "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "time": "00:00:00Z",
    "email": "nobody@example.com", "uri": "https://example.com", "duration": "P1D",
    "uuid": "00000000-0000-4000-8000-000000000000", "ipv4": "127.0.0.1", "hostname": "example.com",
}  # fmt: skip
UNKNOWN = "unknown"
PLACES = word_set("city town place location country destination")
NAMES = word_set("name full_name fullname person customer")
FULL_NAME = re.compile(r"(?:^|: |\bI am |\bI'm )(?!I\b)([A-Z][\w'-]+(?: [A-Z][\w'-]+)+)")
DESCRIBING = word_set("reason reasoning summary description explanation comment")
POSITIVE, NEGATIVE_WORDS = lexicon("positive"), lexicon("negative")
POSITIVE_NAMES = word_set("positive good happy pos")
NEGATIVE_NAMES = word_set("negative bad unhappy sad neg")
PLACE = re.compile(r"\b(?:in|at|to) ([A-Z][\w'-]*(?: [A-Z][\w'-]*)*)")
LONGEST = 2000


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
    """Fills a schema: `text` is the reply in words, `said` what the user said."""

    text: str
    said: str
    sources: Sources
    root: Schema

    def value(self, schema: Schema, name: str = "", depth: int = 0) -> object:
        """Return a value that conforms to a schema, for a property of that name."""
        schema = self.resolved(schema)
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
        return filled | {str(n): UNKNOWN for n in needed if n not in named}

    def _items(self, schema: Schema, name: str, depth: int) -> list[object]:
        least, most = limit(schema, "minItems", 0), limit(schema, "maxItems", 100)
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
            case key if key in NAMES and (named := FULL_NAME.search(self.said)):
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
