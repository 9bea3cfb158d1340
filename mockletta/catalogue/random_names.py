"""Random names of agents."""

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache

from mockletta.documents.packaged_data import DATA


@cache
def _words() -> Mapping[str, Sequence[str]]:
    data = (DATA / "agent_names.json").read_bytes()
    words: dict[str, list[str]] = json.loads(data)
    return words


def random_name(rng: random.Random) -> str:
    """Return a random name of two words. It depends on the generator's state only."""
    return rng.choice(_words()["adjectives"]) + rng.choice(_words()["nouns"])
