"""What has changed since somebody last asked."""


class ChangedIds:
    """Ids that were put and ids that were dropped; one that was dropped and put again is both."""

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
        """The ids dropped, then those put, in the order they first were; from then on, none."""
        taken = list(self._dropped), list(self._put)
        self._dropped.clear()
        self._put.clear()
        return taken
