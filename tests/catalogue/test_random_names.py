"""Random names of agents."""

import random
import re

from mockletta.catalogue.random_names import random_name


def names(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    return [random_name(rng) for _ in range(count)]


def test_a_name_is_two_capitalised_words() -> None:
    assert all(re.fullmatch(r"([A-Z][a-z]+){2}", name) for name in names(1, 500))


def test_the_seed_decides_the_names() -> None:
    assert names(7, 20) == names(7, 20) != names(8, 20)


def test_names_seldom_repeat() -> None:
    assert len(set(names(1, 100))) > 95
