"""Whatever is asked of a world, in whatever order: what must hold, holds."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.environment import amount
from tests.turns.random_brain import Planned
from tests.turns.random_stories import Action, Answer, Do, Keep, Send, story

pytestmark = pytest.mark.usefixtures("unmeasured")
CALLED = [
    "double",
    "guarded",
    "look",
    "memory_insert",
    "launch",
    "laid_down",
    "asked_for",
    "not_json",
]
TEXTS = st.sampled_from(["", "Well."])
PLANNED = st.one_of(
    st.builds(Planned, TEXTS),
    st.builds(Planned, TEXTS, st.lists(st.sampled_from(CALLED), min_size=1, max_size=3).map(tuple)),
    st.builds(Planned, TEXTS, st.lists(st.sampled_from(CALLED), min_size=1, max_size=3).map(tuple)),
    st.builds(Planned, fails=st.sampled_from(["rate", "overflow"])),
)
THREAD = st.integers(0, 3)
WAY = st.sampled_from(["json", "steps", "tokens", "background", "agent", "later"])
HOW = st.sampled_from(
    ["approve", "approve", "deny", "mixed", "return", "wrong", "some", "none", "request", "refused"]
)
DEED = st.sampled_from(
    ["cancel", "compact", "reset", "edit", "recompile", "fork", "gated", "free", "hang"]
)
ACTION = st.one_of(
    st.builds(Send, THREAD, WAY, st.booleans(), st.integers(0, 4)),
    st.builds(Answer, THREAD, WAY, HOW, st.booleans()),
    st.builds(Answer, THREAD, WAY, HOW, st.booleans()),
    st.builds(Do, THREAD, DEED),
    st.builds(Keep, st.booleans()),
)
QUICKLY = settings(
    max_examples=amount(25, nightly=300),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICKLY
@given(
    plan=st.lists(PLANNED, min_size=3, max_size=7),
    actions=st.lists(ACTION, min_size=8, max_size=16),
    slow=st.booleans(),
)
def test_what_must_hold_holds_after_every_request(
    tmp_path: Path, plan: list[Planned], actions: list[Action], slow: bool
) -> None:
    with story(plan, tmp_path, slow=slow) as kept, story(plan, tmp_path, slow=slow) as plain:
        for action in actions:
            kept.play(action)
            if not isinstance(action, Keep):
                plain.play(action)
        for run_id, log in kept.logs.items():
            assert kept.log(run_id) == log
        assert kept.told == plain.told
