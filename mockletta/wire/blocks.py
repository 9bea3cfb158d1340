"""Memory blocks."""

from mockletta.wire.base import Wire

DEFAULT_LIMIT = 100_000


class Block(Wire):
    """A memory block; its key order and defaults as recorded [54 plain].

    `limit` counts characters and is not enforced [54 over limit].
    """

    value: str = ""
    limit: int = DEFAULT_LIMIT
    project_id: str | None = None
    template_name: str | None = None
    is_template: bool = False
    template_id: str | None = None
    base_template_id: str | None = None
    deployment_id: str | None = None
    entity_id: str | None = None
    preserve_on_migration: bool | None = False
    label: str
    read_only: bool = False
    description: str | None = None
    metadata: dict[str, object] | None = {}
    hidden: bool | None = None
    id: str
    created_by_id: str | None = None
    last_updated_by_id: str | None = None
    tags: list[str] | None = []
