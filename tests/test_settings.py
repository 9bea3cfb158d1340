"""What a server can be told: how fast to stream, and when and with what ids to live."""

from typing import Any

import pytest

from mockletta.settings import Settings, parse_hosts, parse_keys


def test_deterministic_settings_freeze_the_clock_and_fix_the_ids() -> None:
    settings = Settings(port=1).deterministic()

    assert (settings.port, settings.ids_seed) == (1, 0)
    assert (settings.frozen_at, settings.tick) == ("2026-01-01T00:00:00Z", 0.001)


def test_deterministic_settings_keep_what_was_chosen() -> None:
    chosen = Settings(frozen_at="2030-01-01", tick=1, ids_seed=7)

    assert chosen.deterministic() == chosen


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        (False, None),
        ("", None),
        ([], None),
        (True, ()),
        ("any", ()),
        ("sk-2, sk-1,", ("sk-2", "sk-1")),
        (["sk-1"], ("sk-1",)),
    ],
)
def test_keys_can_be_required(said: Any, keys: tuple[str, ...] | None) -> None:  # noqa: ANN401
    assert parse_keys(said) == keys


def test_a_required_key_must_fit_into_a_header() -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        parse_keys("s\u00e9cret")


def test_hosts_are_named_without_scheme_port_and_path() -> None:
    assert parse_hosts("Hooks.internal, ::1,") == {"hooks.internal", "::1"}
    assert parse_hosts([]) == frozenset()
    for wrong in ("http://hooks", "hooks:80", "hooks/done"):
        with pytest.raises(ValueError, match=f"received '{wrong}'"):
            parse_hosts([wrong])
