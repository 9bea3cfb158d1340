"""What a change says: the fields it names, without those it leaves as they are."""

from pydantic import BaseModel

from mockletta.wire.agents import CompactionSettings, CompactionSettingsChange


def given(change: BaseModel, fields: set[str]) -> dict[str, object]:
    """The fields of a change that are to be set: null is no change [03, 52, 54]."""
    values = {name: getattr(change, name) for name in fields & type(change).model_fields.keys()}
    return {name: value for name, value in values.items() if value is not None}


def with_change(
    settings: CompactionSettings, change: CompactionSettingsChange | None
) -> CompactionSettings:
    """Compaction settings, changed as far as the change says."""
    if change is None:
        return settings
    return settings.changed(given(change, set(CompactionSettings.model_fields)))
