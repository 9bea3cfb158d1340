"""The settings of a server."""

from mockletta.settings.settings import Settings


def test_deterministic_settings_freeze_the_clock_and_fix_the_ids() -> None:
    settings = Settings(port=1).deterministic()

    assert (settings.port, settings.ids_seed) == (1, 0)
    assert (settings.frozen_at, settings.tick) == ("2026-01-01T00:00:00Z", 0.001)


def test_deterministic_settings_keep_what_was_chosen() -> None:
    chosen = Settings(frozen_at="2030-01-01", tick=1, ids_seed=7)

    assert chosen.deterministic() == chosen
