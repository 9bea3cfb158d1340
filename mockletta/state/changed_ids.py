"""The ids that changed since they were last taken."""


class ChangedIds:
    """Ids that were put and ids that were dropped. An id dropped and put again is in both."""

    __slots__ = ("_dropped", "_put")

    def __init__(self) -> None:
        self._put: dict[str, None] = {}
        self._dropped: dict[str, None] = {}

    def put(self, item: str) -> None:
        self._put[item] = None

    def drop(self, item: str) -> None:
        self._put.pop(item, None)
        self._dropped[item] = None

    def take(self) -> tuple[list[str], list[str]]:
        """Return the dropped ids, then the put ids, each in order of first change, and forget
        them."""
        taken = list(self._dropped), list(self._put)
        self._dropped.clear()
        self._put.clear()
        return taken
