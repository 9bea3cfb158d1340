"""The identities of agents and blocks."""

from collections.abc import Sequence

from mockletta.api.lists import Keep
from mockletta.errors import ConstraintViolated
from mockletta.state.links import Links
from mockletta.wire.agents import AgentState
from mockletta.wire.memory import Block
from mockletta.world.world import World


def refuse_unknown_identities(world: World, ids: Sequence[str] | None) -> None:
    """Refuse identities that do not exist [42 *_ids]."""
    unknown = [one for one in ids or () if one not in world.store.identities]
    if unknown:
        raise ConstraintViolated(f"A foreign key constraint was violated: no identities {unknown}")


def belongs_to(
    world: World, links: Links, identity_id: str | None, keys: Sequence[str] | None
) -> Keep:
    """Return a condition: a row belongs to the identity and to one with one of the keys. An empty
    id is no condition."""
    identity_id = identity_id or None
    wanted = {*keys} if keys else None

    def belongs(row: AgentState | Block) -> bool:
        if not identity_id and wanted is None:
            return True
        ids = links.rights(row.id)
        found = {world.store.identities.get(one).identifier_key for one in ids}
        return (not identity_id or identity_id in ids) and (wanted is None or bool(found & wanted))

    return belongs
