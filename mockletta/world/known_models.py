"""Which models a server knows beside its catalogue, and what it says about others."""

import logging
from collections.abc import Iterable

from mockletta.journal.journal import Journal

logger = logging.getLogger("mockletta")
STRICT = "strict"
MOST_NAMED = 100


class KnownModels:
    """The declared models of a server; all its worlds share them. With `strict` models that are not
    listed are refused."""

    def __init__(self, declared: Iterable[str] = (), *, strict: bool = False) -> None:
        self.declared = list(declared)
        self.strict = strict
        self._named: set[str] = set()

    def declare(self, handles: Iterable[str]) -> None:
        """Declare further models."""
        self.declared += [handle for handle in handles if handle not in self.declared]

    def name_unlisted(self, journal: Journal, handle: str) -> None:
        """Record for the verdict, and log once, that a model is accepted that is not listed."""
        journal.name_unlisted_model(handle)
        if handle not in self._named and len(self._named) < MOST_NAMED:
            self._named.add(handle)
            logger.warning(
                "the model %s is accepted, but models.list does not have it: it may be newer than "
                "this catalogue, or misspelled. --models %s (MockLetta(models=[...])) declares it, "
                "and --models strict refuses such models",
                handle,
                handle,
            )
