"""Whatever is asked of the control API, it answers 2xx or 4xx, and a refusal changes nothing."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mockletta.control.control_dispatch import METRICS
from mockletta.control.index import ControlOperation, operations
from mockletta.hosting.application import create_control_router
from mockletta.state.clock import Clock
from mockletta.world.world import World
from mockletta.world.worlds import Worlds
from tests.control.asking import Control
from tests.environment import amount
from tests.http.exchanges import chunks, exchange

AGENT = {"name": "support", "model": "openai/gpt-4o-mini"}
ENDLESS = "/_mockletta/events"
LOOKS = sorted(
    one.path
    for one in operations()
    if one.method == "GET" and "{" not in one.path and one.path not in (ENDLESS, METRICS)
)
TEXTS = st.one_of(
    st.sampled_from(["", "key", "a", "agents.*", "agents.create", "now", "2026-01-01", "[", "{{"]),
    st.text(max_size=5),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 2**63, 1e308, 0.5]),
    st.floats(),
    TEXTS,
)


def names_of(schema: object) -> set[str]:
    """All names of fields in a JSON Schema, and what it says values can be."""
    if isinstance(schema, list):
        return {name for one in schema for name in names_of(one)}
    if not isinstance(schema, dict):
        return set()
    listed = {str(one) for one in [*schema.get("enum", ()), *schema.get("properties", ())]}
    return listed.union(*map(names_of, schema.values()))


def known_names() -> list[str]:
    router = create_control_router()
    found: set[str] = set()
    for method, path in router.endpoints.values():
        match = router.match(method, path)
        assert match is not None
        for model in (match.endpoint.body_model, match.endpoint.query_model):
            found |= names_of(model.model_json_schema()) if model else set()
    return sorted(found)


NAMES = st.one_of(st.sampled_from(known_names()), TEXTS)
VALUES = st.recursive(
    st.one_of(SCALARS, NAMES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
"""Any JSON, most of it with words that mean something here."""


def frozen_world() -> World:
    return World(clock=Clock("2026-01-01"))


def state_of(control: Control) -> dict[str, object]:
    """All that the control API shows, and the ids of the agents there are."""
    shown = {path: exchange(control.app, "GET", path).body for path in LOOKS}
    agents = [[agent.id for agent in world.store.agents] for world in control.worlds]
    return {**shown, "agents": agents}


@settings(deadline=None, max_examples=amount(40, nightly=400), database=None)
@given(
    operation=st.sampled_from([one for one in operations() if one.path != ENDLESS]),
    body=st.one_of(VALUES.map(lambda value: json.dumps(value).encode()), st.binary(max_size=20)),
    query=st.dictionaries(NAMES, TEXTS, max_size=2),
)
def test_whatever_is_asked_is_answered_or_refused(
    operation: ControlOperation, body: bytes, query: dict[str, str]
) -> None:
    control = Control(Worlds(frozen_world(), make=frozen_world, limit=3))
    for key in (None, "a"):
        assert control.ask("POST", "/v1/agents/", AGENT, key=key)[0] == 200
    before = state_of(control)
    target = f"{operation.path}?{'&'.join(f'{name}={value}' for name, value in query.items())}"

    answer = exchange(control.app, operation.method, target, body=chunks(body))

    assert answer.status is not None
    assert answer.status // 100 in (2, 4), (target, body, answer)
    if answer.status // 100 == 4:
        assert state_of(control) == before
        assert json.loads(answer.body).keys() >= {"detail"}
