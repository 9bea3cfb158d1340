"""The jinja environment of templates: a sandbox and its filters, loaded with the first one."""

import json
from collections.abc import Callable, Iterable, Iterator, KeysView, Sized, ValuesView
from functools import wraps

from jinja2 import StrictUndefined, filters, nodes
from jinja2.exceptions import SecurityError, TemplateAssertionError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_RESULT = 1_000_000
LONGEST_ARGUMENT = 1_000
MOST_BITS = 256
MOST_DIGITS = 20
MOST_NAMES = 100
MOST_SHOWN = 20
NEVER = "\x00"
ITSELF = "self"
"""Jinja's name for the template object, which is not data."""
FILTERS = (
    "abs",
    "capitalize",
    "default",
    "first",
    "float",
    "int",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reverse",
    "sort",
    "string",
    "sum",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
)
METHODS = (
    "count",
    "date",
    "endswith",
    "get",
    "isoformat",
    "keys",
    "lower",
    "lstrip",
    "removeprefix",
    "removesuffix",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strftime",
    "strip",
    "time",
    "timestamp",
    "title",
    "upper",
    "values",
)
"""The methods that can be called on a value. None makes a long text from short ones."""
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Call,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Concat,
    nodes.CondExpr,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Pair,
    nodes.Keyword,
)


class MissingName(StrictUndefined):
    """A missing name. For a mapping, such as the blocks, the error lists its keys."""

    @property
    def _undefined_message(self) -> str:
        here = self._undefined_obj
        if self._undefined_hint or not isinstance(here, dict):
            return super()._undefined_message
        names = sorted(map(str, here))
        more = [f"{len(names) - MOST_SHOWN} more"] if len(names) > MOST_SHOWN else []
        listed = ", ".join([*(f"`{name}`" for name in names[:MOST_SHOWN]), *more])
        return f"there is no `{self._undefined_name}`, only {listed or 'an empty mapping'}"


class Sandbox(ImmutableSandboxedEnvironment):
    """Evaluates expressions over data. Results are bounded, and a missing name is an error."""

    intercepted_binops = frozenset({"*", "+", "%", "//", "/"})

    def __init__(self) -> None:
        super().__init__(
            undefined=MissingName,
            optimized=False,  # constant folding can run code that the template never reaches
            block_start_string=NEVER + "{%",
            block_end_string="%}" + NEVER,
            comment_start_string=NEVER + "{#",
            comment_end_string="#}" + NEVER,
            keep_trailing_newline=True,
            autoescape=False,
            finalize=plain,
        )
        self.globals.clear()
        self.filters = {name: _bounded(filters.FILTERS[name]) for name in FILTERS}
        self.filters |= {"replace": replace, "join": join, "round": rounded, "tojson": tojson}

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Calculate with numbers of a moderate size, or concatenate texts or lists."""
        if operator == "+" and isinstance(left, str | list) and isinstance(right, str | list):
            fit(len(left) + len(right))
        elif not (_is_moderate(left) and _is_moderate(right)):
            raise SecurityError(f"`{operator}` accepts only numbers of a moderate size")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, called: object, /, *args: object, **named: object) -> object:
        """Call a method with short arguments."""
        if any(isinstance(one, Sized) and len(one) > LONGEST_ARGUMENT for one in args):
            raise SecurityError(f"an argument is longer than {LONGEST_ARGUMENT}")
        return fitting(super().call(context, called, *args, **named))


def refuse_others(tree: nodes.Template) -> None:
    """Refuse what a template may not do. Raises TemplateAssertionError with the reason."""
    found = list(tree.find_all(nodes.Node))
    for node in found:
        if not isinstance(node, ALLOWED):
            raise TemplateAssertionError(f"{type(node).__name__} is not allowed here", 1)
        if isinstance(node, nodes.Name) and node.name == ITSELF:
            raise TemplateAssertionError(f"`{ITSELF}` is not a name that a template can read", 1)
        if isinstance(node, nodes.Call) and not _is_listed(node):
            raise TemplateAssertionError(
                f"only these methods of a value can be called: {', '.join(METHODS)}", 1
            )
    if sum(isinstance(node, nodes.Name) for node in found) > MOST_NAMES:
        raise TemplateAssertionError(f"it has more than {MOST_NAMES} names", 1)


def is_one_expression(tree: nodes.Template) -> bool:
    """Return whether a template is one {{ expression }} without other text."""
    pieces = [piece for output in tree.find_all(nodes.Output) for piece in output.nodes]
    return len(pieces) == 1 and not isinstance(pieces[0], nodes.TemplateData)


def plain(value: object) -> object:
    """Return a value as data; an iterator becomes a list. Refuses methods."""
    if callable(value) and not isinstance(value, StrictUndefined):
        raise SecurityError(f"`{getattr(value, '__name__', value)}` is a method: call it with ()")
    if isinstance(value, Iterator | KeysView | ValuesView):
        return list(value)
    return value


def fit(size: int) -> None:
    """Refuse a result that is too long."""
    if size > LONGEST_RESULT:
        raise SecurityError(f"the result is longer than {LONGEST_RESULT}")


def fitting(value: object) -> object:
    """Return a value unless it is too long."""
    if isinstance(value, Sized):
        fit(len(value))
    return value


def replace(text: object, old: str, new: str) -> str:
    """Replace each `old` by `new`."""
    before = str(text)
    fit(len(before) + before.count(str(old)) * len(str(new)))
    return before.replace(str(old), str(new))


def join(items: Iterable[object], between: str = "") -> str:
    """Join texts."""
    texts = [str(item) for item in items]
    fit(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def tojson(value: object) -> str:
    """Format a value as JSON."""
    return str(fitting(json.dumps(value, ensure_ascii=False, default=str)))


def rounded(value: float, digits: int = 0) -> float:
    """Round to a number of digits; without it, to a whole number."""
    return (
        round(float(value), max(-MOST_DIGITS, min(digits, MOST_DIGITS))) if digits else round(value)
    )


def _bounded(function: Callable[..., object]) -> Callable[..., object]:
    @wraps(function)
    def bounded(*args: object, **named: object) -> object:
        return fitting(function(*args, **named))

    return bounded


def _is_listed(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Getattr) and call.node.attr in METHODS


def _is_moderate(value: object) -> bool:
    if isinstance(value, int):
        return value.bit_length() <= MOST_BITS
    return isinstance(value, float)
