"""Random names of agents."""

import random
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]


@cache
def _words() -> _Words:
    data = (files("mockletta") / "data" / "agent_names.json").read_bytes()
    return _Words.model_validate_json(data)


def random_name(rng: random.Random) -> str:
    """Return a random name of two words. It depends on the generator's state only."""
    return rng.choice(_words().adjectives) + rng.choice(_words().nouns)
