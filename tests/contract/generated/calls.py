"""The calls of a method: the smallest, the fullest, and one for each variant of each parameter."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.contract.generated.surface import Signature
from tests.contract.generated.values import Values

NEEDED = {"agents.create": {"model"}, "conversations.messages.stream": {"run_id"}}
"""Parameters that the server insists on although the SDK does not."""
APART = ("input", "messages")
"""Parameters of which the server wants exactly one, here and where only some of both are."""
ANSWERS = (".ApprovalCreateParam", ".MessageToolReturnCreate")
"""Variants that answer a tool call: they go where one waits for its answer."""


class Call(NamedTuple):
    """Arguments for a method; `label` says what is special about them."""

    label: str
    arguments: dict[str, Any]


def calls_of(operation: str, signature: Signature, values: Values) -> Iterator[Call]:
    """All calls of an operation in one of the ways it can be called."""
    variants = {
        name: values.of(hint, (operation, name)) for name, hint in signature.parameters.items()
    }
    plainest = {name: found[0].value for name, found in variants.items()}
    apart = [name for name in APART if name in plainest] if "input" in plainest else []
    needed = {*signature.required, *NEEDED.get(operation, ()), *apart[:1]}
    yield Call("smallest", _only(plainest, signature.required))
    for left_out in apart or [""]:
        some = {name: value for name, value in plainest.items() if name != left_out}
        yield Call(f"all but {left_out}" if left_out else "all", some)
    for name, found in variants.items():
        fixed = _only(plainest, needed - set(apart) if name in apart else needed)
        for value, label in found:
            place = _waiting(fixed, values) if label.startswith(ANSWERS) else {}
            yield Call(f"{name}{label}", {**fixed, **place, name: value})


def _only(values: dict[str, Any], names: set[str] | frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _waiting(arguments: dict[str, Any], values: Values) -> dict[str, Any]:
    """The place in the arguments, where a tool call waits."""
    places = {name: values.known(("waiting", name)) for name in ("agent_id", "conversation_id")}
    return {name: place for name, place in places.items() if name in arguments}
