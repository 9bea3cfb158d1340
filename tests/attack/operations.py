"""Random requests to every operation: no answer is an unintended 5xx."""

import json
import re
from random import Random
from typing import Any
from urllib.parse import quote

import httpx

from tests.attack.bodies import HOSTILE, RandomBodies

INTENDED = {501}
MOST_IDS = 500
_ID = re.compile(r'"id": ?"([a-z_]+-[0-9a-f-]{36})"')
_PARAMETER = re.compile(r"\{(\w+)\}")
Operation = tuple[str, str, dict[str, Any]]


def attack_operations(base_url: str, rng: Random, rounds: int) -> list[str]:
    """Send random requests, with the ids of rows that earlier ones made."""
    failures: list[str] = []
    with httpx.Client(base_url=base_url, timeout=60) as http:
        description = http.get("/openapi.json").json()
        ids: list[str] = []
        bodies = RandomBodies(description, rng, ids)
        operations = list(_operations(description))
        for _ in range(rounds):
            method, path, operation = rng.choice(operations)
            request = _request(http, bodies, rng, ids, (method, path, operation))
            answer = http.send(request)
            if answer.status_code >= 500 and answer.status_code not in INTENDED:
                sent = request.content[:300] if request.headers.get("content-type") else b""
                failures.append(f"{answer.status_code} {method} {request.url} {sent!r}")
            ids += _ID.findall(answer.text)[:3]
            del ids[:-MOST_IDS]
        journal = http.get("/_mockletta/journal")  # its secrets are searched for now
    if journal.status_code != httpx.codes.OK:
        failures.append(f"{journal.status_code} of the journal: {journal.text[:300]}")
    return failures


def _operations(description: dict[str, Any]) -> list[Operation]:
    return [
        (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if not operation["operationId"].startswith("admin.")
    ]


def _request(
    http: httpx.Client, bodies: RandomBodies, rng: Random, ids: list[str], one: Operation
) -> httpx.Request:
    method, path, operation = one
    where = _PARAMETER.sub(lambda found: _in_path(rng, ids, found[1]), path)
    query = {
        parameter["name"]: _plain(bodies.of(parameter["schema"]))
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and rng.random() < 0.4
    }
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return http.build_request(method, where, params=query)
    body = json.dumps(bodies.of(content["application/json"]["schema"])).encode()
    headers = {"content-type": "application/json"}
    return http.build_request(method, where, params=query, content=_cut(rng, body), headers=headers)


def _in_path(rng: Random, ids: list[str], name: str) -> str:
    fitting = [one for one in ids if one.startswith(name.removesuffix("_id")[:4])]
    chosen = rng.choice(fitting or ids or ["x"]) if rng.random() < 0.9 else rng.choice(HOSTILE)
    return quote(str(chosen)[:100] or "x", safe="", errors="replace")


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text[:1_000].encode(errors="replace").decode()


def _cut(rng: Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body))] if body and rng.random() < 0.03 else body
