"""Writes what becomes of a field that only the models know, run with a changed package."""

import json
import sys
from pathlib import Path
from typing import Any

import httpx

from mockletta import MockLetta

COLOUR, OTHER = {"colour": "red"}, {"colour": "blue"}
MODEL = {"model": "openai/gpt-4o-mini"}
EMBEDDING = {"embedding": "openai/text-embedding-3-small"}
SOURCE = "def paint(wall: str):\n    '''Paint.\n\n    Args:\n        wall: A wall.\n    '''\n"
IDENTITY = {"identifier_key": "key", "name": "Ada", "identity_type": "user"}
PROVIDER = {"name": "mine", "provider_type": "openai", "api_key": "key"}
SEED: dict[str, Any] = {
    "version": 1,
    "blocks": [{"label": "seeded", **COLOUR}],
    "folders": [{"name": "Seeded", **EMBEDDING, **COLOUR}],
    "agents": [{**MODEL, "conversations": [COLOUR], **COLOUR}],
}


def main(folder: Path) -> None:
    """Take the field through every operation, a seed file and a snapshot."""
    seed, snapshot = folder / "seed.json", folder / "snapshot.jsonl"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    found: dict[str, object] = {}
    with MockLetta(seed=str(seed)) as mock:
        client = httpx.Client(transport=mock.transport(), base_url="http://mock")
        found["seeds"] = [_colours(client, path) for path in ("blocks", "folders", "agents")]
        agent_id = client.get("/v1/agents/").json()[0]["id"]
        found["seeds of conversations"] = _colours(client, "conversations")
        for path, body in _requests(agent_id).items():
            found[path] = _round_trip(client, path, body)
        mock.save(snapshot)
        before = {path: _colours(client, path) for path in _requests(agent_id)}
        mock.reset()
        mock.load(snapshot)
        after = {path: _colours(client, path) for path in _requests(agent_id)}
    found["snapshot"] = after == before
    sys.stdout.write(json.dumps(found))


def _requests(agent_id: str) -> dict[str, dict[str, Any]]:
    """Return what creates a row, by the path of its resource."""
    return {
        "agents": MODEL,
        "archives": {"name": "Papers"},
        "blocks": {"label": "human", "value": ""},
        "conversations": {"agent_id": agent_id},
        "folders": {"name": "Papers", **EMBEDDING},
        "groups": {"agent_ids": [agent_id], "description": "A team"},
        "identities": IDENTITY,
        "providers": PROVIDER,
        "sources": {"name": "Older", **EMBEDDING},
        "tools": {"source_code": SOURCE, "source_type": "python"},
    }


def _round_trip(client: httpx.Client, path: str, body: dict[str, Any]) -> list[object]:
    """Return the field as it is created, retrieved, updated and listed."""
    query = {"agent_id": body["agent_id"]} if path == "conversations" else None
    made = client.post(f"/v1/{path}/", params=query, json={**body, **COLOUR}).json()
    one = f"/v1/{path}/{made['id']}"
    retrieved = client.get(one).json()
    required = {"api_key": "key"} if path == "providers" else {}
    updated = client.patch(one, json={**required, **OTHER}).json()
    listed = {row["id"]: row for row in client.get(f"/v1/{path}/").json()}
    return [row.get("colour") for row in (made, retrieved, updated, listed[made["id"]])]


def _colours(client: httpx.Client, path: str) -> list[object]:
    return [row.get("colour") for row in client.get(f"/v1/{path}/").json()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
