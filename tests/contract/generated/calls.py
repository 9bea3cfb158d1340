"""The calls of a method: the smallest, the fullest, and one for each variant of each parameter."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from tests.contract.generated.surface import Signature
from tests.contract.generated.values import Values, Variant

NEEDED = {
    "agents.create": {"model"},
    "conversations.messages.stream": {"run_id"},
    "environments.send_message": {"agent_id"},
    "folders.create": {"embedding"},
}
"""Parameters that the server insists on although the SDK does not."""
APART = ("input", "messages")
"""Parameters of which the server wants exactly one, here and where only some of both are."""
ANSWERS = (".ApprovalCreateParam", ".MessageToolReturnCreate")
"""Variants that answer a tool call: they go where one waits for its answer."""


class Call(NamedTuple):
    """Arguments for a method; `label` says what is special about them."""

    label: str
    arguments: dict[str, Any]


def plain_calls_of(operation: str, signature: Signature, values: Values) -> Iterator[Call]:
    """The smallest call and the fullest."""
    plainest = _plainest(_variants_of(operation, signature, values))
    yield Call("smallest", _only(plainest, signature.required))
    for left_out in _apart(plainest) or [""]:
        some = {name: value for name, value in plainest.items() if name != left_out}
        yield Call(f"all but {left_out}" if left_out else "all", some)


def calls_of(operation: str, signature: Signature, values: Values) -> Iterator[Call]:
    """A call for each variant of each parameter, in one of the ways an operation can be called."""
    variants = _variants_of(operation, signature, values)
    plainest = _plainest(variants)
    apart = _apart(plainest)
    needed = {*signature.required, *NEEDED.get(operation, ()), *apart[:1]}
    for name, found in variants.items():
        fixed = _only(plainest, needed - set(apart) if name in apart else needed)
        for value, label in found:
            place = _waiting(fixed, values) if label.startswith(ANSWERS) else {}
            yield Call(f"{name}{label}", {**fixed, **place, name: value})


def _variants_of(operation: str, signature: Signature, values: Values) -> dict[str, list[Variant]]:
    return {name: values.of(hint, (operation, name)) for name, hint in signature.parameters.items()}


def _plainest(variants: dict[str, list[Variant]]) -> dict[str, Any]:
    return {name: found[0].value for name, found in variants.items()}


def _apart(names: Collection[str]) -> list[str]:
    return [name for name in APART if name in names] if "input" in names else []


def _only(values: dict[str, Any], names: set[str] | frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _waiting(arguments: dict[str, Any], values: Values) -> dict[str, Any]:
    """The place in the arguments, where a tool call waits."""
    places = {name: values.known(("waiting", name)) for name in ("agent_id", "conversation_id")}
    return {name: place for name, place in places.items() if name in arguments}
