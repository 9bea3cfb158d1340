"""Templates: {{ ... }} in the texts of a script, with a restricted jinja syntax.

A template has expressions only, no statements: `{%` is plain text. It cannot loop, repeat a text,
or call anything but the listed methods, so it cannot exhaust memory. This is checked on loading.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo
from pydantic_core import PydanticCustomError

from mockletta.brain.history import own_words
from mockletta.script.turn_view import TurnView
from mockletta.script.value_types import Text

if TYPE_CHECKING:
    from mockletta.script.template_environment import Sandbox

OPENS = "{{"
LONGEST_TEMPLATE = 20_000
LONGEST_SHOWN = 200
NOT_FITTING = (TypeError, ValueError, RecursionError)
PLAIN = (bool, int, float, str, list, dict, type(None))
_ALONE = re.compile(r"\{\{[-+]?(.*?)[-+]?\}\}", re.DOTALL)
LITERAL = "literal"
"""The validation context in which no text is a template."""
LookUp: TypeAlias = Callable[[frozenset[str]], Mapping[str, object]]
Facts: TypeAlias = LookUp | None
"""A function that looks up the names in a template; None if texts are literal."""


class BadTemplate(Exception):
    """A template that cannot be filled in. The message says which one, and why."""


class Compiled(NamedTuple):
    """A compiled template and the names it reads."""

    fill: Callable[[Mapping[str, object]], object]
    names: frozenset[str]


def _can_be_read(text: str, info: ValidationInfo) -> str:
    if OPENS in text and info.context is not LITERAL:
        _compiled(text)
    return text


Template: TypeAlias = Annotated[Text, AfterValidator(_can_be_read)]
"""A text that may be a template."""


def _form_of(value: object) -> str:
    return "<template>" if isinstance(value, str) and OPENS in value else "<plain>"


Form = Discriminator(_form_of)
Filled: TypeAlias = Annotated[
    Template, Tag("<template>"), Field(json_schema_extra={"pattern": r"\{\{"})
]
"""A template in place of another value, which is checked once the template is filled in."""


def names_in(text: str) -> frozenset[str]:
    """Return the names that a template reads."""
    return _compiled(text).names if OPENS in text else frozenset()


def fill(text: str, facts: Facts) -> str:
    """Fill in the templates of a text. Raises BadTemplate if that fails.

    >>> fill("{{ city
    upper }}!", lambda names: {"city": "Paris"})
    'PARIS!'
    """
    return str(_filled(text, facts)) if facts and OPENS in text else text


def fill_value(value: object, facts: Facts) -> object:
    """Fill in the templates of JSON. A text that is a single template keeps the value's type.

    >>> fill_value({"n": "{{ count }}"}, lambda names: {"count": 2})
    {'n': 2}
    """
    if isinstance(value, str):
        return _filled(value, facts) if facts and OPENS in value else value
    if isinstance(value, dict):
        return {fill(key, facts): fill_value(one, facts) for key, one in value.items()}
    return [fill_value(one, facts) for one in value] if isinstance(value, list) else value


def templates_in(value: object) -> Iterator[str]:
    """Return every text in JSON that is a template."""
    if isinstance(value, str) and OPENS in value:
        yield value
    elif isinstance(value, dict):
        yield from templates_in([*value, *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from templates_in(one)


def _filled(text: str, facts: LookUp) -> object:
    from jinja2.exceptions import TemplateError  # noqa: PLC0415 - few scripts have templates

    compiled = _compiled(text)
    try:
        return compiled.fill(facts(compiled.names))
    except (TemplateError, ArithmeticError, AttributeError, LookupError, *NOT_FITTING) as error:
        raise BadTemplate(f"the template {text[:LONGEST_SHOWN]!r}: {error}") from error


@lru_cache(maxsize=10_000)
def _compiled(text: str) -> Compiled:
    from jinja2.exceptions import TemplateError  # noqa: PLC0415

    if len(text) > LONGEST_TEMPLATE:
        raise _refused(text, f"it is longer than {LONGEST_TEMPLATE} characters")
    try:
        return _compile(text)
    except TemplateError as error:
        raise _refused(text, error.message or "") from error
    except (RecursionError, MemoryError) as error:
        raise _refused(text, "it is nested too deeply") from error
    except ValueError as error:
        raise _refused(text, "it has a number that is too long") from error


def _compile(text: str) -> Compiled:
    from jinja2.meta import find_undeclared_variables  # noqa: PLC0415

    from mockletta.script.template_environment import (  # noqa: PLC0415
        fitting,
        is_one_expression,
        plain,
        refuse_others,
    )

    sandbox = _sandbox()
    tree = sandbox.parse(text)
    refuse_others(tree)
    names = frozenset(find_undeclared_variables(tree))
    alone = _ALONE.fullmatch(text)
    if alone is None or not is_one_expression(tree):
        template = sandbox.from_string(text)
        return Compiled(lambda facts: fitting(template.render(facts)), names)
    value = sandbox.compile_expression(alone[1], undefined_to_none=False)
    return Compiled(lambda facts: fitting(_defined(plain(value(facts)))), names)


def _defined(value: object) -> object:
    """Return a value. An undefined one raises its own error when its truth is tested."""
    from jinja2 import Undefined  # noqa: PLC0415

    if isinstance(value, Undefined):
        bool(value)
    return value if isinstance(value, PLAIN) else str(value)


@cache
def _sandbox() -> "Sandbox":
    from mockletta.script.template_environment import Sandbox  # noqa: PLC0415

    return Sandbox()


def _refused(text: str, reason: str) -> PydanticCustomError:
    return PydanticCustomError(
        "template",
        "the template {text} cannot be read: {reason}",
        {"text": repr(text[:LONGEST_SHOWN]), "reason": reason},
    )


FACTS: Mapping[str, Callable[[TurnView], object]] = MappingProxyType(
    {
        "agent": lambda view: view.agent,
        "blocks": lambda view: view.blocks,
        "conversation": lambda view: view.conversation,
        "count": lambda view: view.count,
        "groups": lambda view: dict(view.groups),
        "history": lambda view: [
            {"role": message.role, "text": own_words(message.text)} for message in view.history
        ],
        "images": lambda view: view.images,
        "json": lambda view: view.json,
        "message": lambda view: view.text,
        "model": lambda view: view.model,
        "now": lambda view: view.now,
        "purpose": lambda view: view.purpose,
        "raw_message": lambda view: view.raw_text,
        "response_format": lambda view: view.response_format,
        "returned": lambda view: view.returned,
        "role": lambda view: view.role,
        "skills": lambda view: [one.name for one in view.skills],
        "step": lambda view: view.step,
        "system": lambda view: view.system,
        "tools": lambda view: list(view.tools),
        "turn": lambda view: view.turn,
    }
)
"""The names that templates read, besides the groups of the rule's patterns."""


def facts_of(view: TurnView) -> LookUp:
    """Return the look-up of a template's names in a turn. Only names that are read are computed."""

    def look_up(names: frozenset[str]) -> dict[str, object]:
        found = {name: FACTS[name](view) for name in names if name in FACTS}
        return found | {name: view.groups[name] for name in names if name in view.groups}

    return look_up
