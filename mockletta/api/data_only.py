"""Operations that keep data on which nothing else acts: a turn goes the same way without it."""

NAMESPACES = (
    "agents.groups",
    "agents.identities",
    "blocks.identities",
    "groups",
    "identities",
    "jobs",
    "projects",
    "providers",
)


def is_data_only(operation: str) -> bool:
    """Whether an operation is in one of those namespaces."""
    return any(operation.startswith(f"{namespace}.") for namespace in NAMESPACES)
