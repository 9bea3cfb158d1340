"""Ids in paths, and the errors the recorded server has for wrong ones [03, 40]."""

import pytest

from mockletta.http.path_patterns import NamedId, PathPattern, SizedId
from mockletta.wire.fields import UUID4

UUID = "00000000-0000-4000-8000-000000000000"
AGENT = NamedId(f"^agent-{UUID4}$", "agent")
CONVERSATION = SizedId(f"^conv-{UUID4}$", 41)


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        (f"agent-{UUID}", True),
        (f"agent-{UUID}\n", False),
        (f"block-{UUID}", False),
        (f"agent-{UUID.replace('-4', '-1')}", False),
        (f"agent-{UUID.replace('-8', '-c')}", False),
        ("agent-", False),
        (f"AGENT-{UUID}", False),
    ],
)
def test_an_id_is_its_prefix_and_a_uuid_of_version_four(value: str, accepted: bool) -> None:
    assert AGENT.accepts(value) is accepted


def test_an_id_named_after_its_prefix_is_refused_with_an_example() -> None:
    assert AGENT.error("agent_id", "nope") == {
        "type": "string_pattern_mismatch",
        "loc": ("path", "agent_id"),
        "msg": "String should match pattern 'agent-{uuid4}'",
        "input": "nope",
        "ctx": {"pattern": f"^agent-{UUID4}$"},
    }
    assert AGENT.examples() == ["agent-123e4567-e89b-42d3-8456-426614174000"]


def test_another_id_is_refused_with_its_pattern() -> None:
    pattern = PathPattern("^(default|all)$")

    assert pattern.error("which", "nope") == {
        "type": "string_pattern_mismatch",
        "loc": ("path", "which"),
        "msg": "String should match pattern '^(default|all)$'",
        "input": "nope",
        "ctx": {"pattern": "^(default|all)$"},
    }
    assert pattern.examples() == []


@pytest.mark.parametrize(
    ("value", "kind", "message", "limit"),
    [
        ("nope", "string_too_short", "String should have at least 41 characters", "min_length"),
        ("n" * 42, "string_too_long", "String should have at most 41 characters", "max_length"),
    ],
)
def test_an_id_of_another_length_is_refused_for_that(
    value: str, kind: str, message: str, limit: str
) -> None:
    assert CONVERSATION.error("conversation_id", value) == {
        "type": kind,
        "loc": ("path", "conversation_id"),
        "msg": message,
        "input": value,
        "ctx": {limit: 41},
    }


def test_an_id_of_the_right_length_is_refused_for_its_pattern() -> None:
    assert CONVERSATION.error("conversation_id", "n" * 41) == {
        "type": "string_pattern_mismatch",
        "loc": ("path", "conversation_id"),
        "msg": f"String should match pattern '^conv-{UUID4}$'",
        "input": "n" * 41,
        "ctx": {"pattern": f"^conv-{UUID4}$"},
    }
