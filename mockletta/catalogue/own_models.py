"""The models that a world has beside the catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mockletta.wire.providers import Provider


def _ignore(_handle: str) -> None:
    """Say nothing about a model that is not listed."""


@dataclass(frozen=True)
class OwnModels:
    """The providers that the user has added, and the models that the test author has declared.

    With `strict` all others that the catalogue does not list are refused. Without it those of known
    providers are accepted, and `accepted` is called with the handle of each.
    """

    providers: Sequence[Provider] = ()
    declared: Sequence[str] = ()
    strict: bool = False
    accepted: Callable[[str], None] = _ignore


NO_OWN_MODELS = OwnModels()
