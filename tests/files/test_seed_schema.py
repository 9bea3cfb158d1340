"""The JSON Schema of seeds, for editors."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from mockletta.files.seed_shapes import seed_schema
from tests.source import DATA, ROOT

DEMO = ROOT / "seed_data" / "demo.yaml"


def test_the_published_schema_is_up_to_date() -> None:
    assert (DATA / "seed.schema.json").read_text(encoding="utf-8") == seed_schema()


def test_an_example_of_a_seed_is_valid() -> None:
    seed = yaml.safe_load(DEMO.read_text(encoding="utf-8"))

    Draft202012Validator(json.loads(seed_schema())).validate(seed)


@pytest.mark.parametrize("seed", [{"version": 2}, {"version": 1, "agent": []}, {"agents": []}])
def test_what_is_no_seed_is_invalid(seed: object) -> None:
    assert not Draft202012Validator(json.loads(seed_schema())).is_valid(seed)
