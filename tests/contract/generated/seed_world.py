"""A world with one of everything, and which of it the name of a parameter means."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from letta_client import Letta

from mockletta.api.unimplemented import OPERATIONS
from mockletta.hosting.application import create_router
from mockletta.testing.mock_letta import MockLetta
from tests.contract.generated.forms import EMBEDDING, FORMS, SOURCE
from tests.contract.talk import MODEL

UUID = "00000000-0000-4000-8000-000000000000"
SERVED = frozenset(create_router().endpoints) - {operation for _, _, operation in OPERATIONS}
ASK, DAWDLE = "Ask the user.", "Take your time."
CURSORS = ("after", "before", "cursor")
Names = dict[str, object]

FOLDER: Names = dict.fromkeys(("folder_id", "source_id"), f"source-{UUID}")


class SeedWorld:
    """What names of parameters stand for. What cannot be made, since the operation that makes it is
    not imitated, gets an id that nobody has."""

    def __init__(self, mock: MockLetta, client: Letta, folder: Path) -> None:
        mock.mcp_server("seeded", [greet], url=str(FORMS["server_url"]))
        mock.when(DAWDLE).say("Done.", ttft=3600)
        mock.when(ASK).call("ask_user", id=str(FORMS["tool_call_id"]))
        self.unmade: set[str] = set()
        self._names: Names = {**FORMS, "file": folder / "letter.txt"}
        (folder / "letter.txt").write_text("Dear reader,\n")
        for operation, unmade, make in RESOURCES:
            made = make(client, self._names) if operation in SERVED else {}
            self._names.update({**unmade, **made})
            self.unmade |= {str(name) for key, name in unmade.items() if key not in made}

    def __call__(self, path: tuple[str, ...]) -> object:
        """What a parameter is, by the names that lead to it; None if any value will do."""
        if path[-1] in CURSORS:
            return self._cursor(path[0])
        tails = (".".join(path[start:]) for start in range(len(path)))
        name = next((tail for tail in tails if tail in self._names), path[-1])
        return self._names.get(name) or self._names.get(name.removesuffix("s"))

    def _cursor(self, operation: str) -> object:
        """An item of the list that an operation gives."""
        noun = operation.split(".")[-2].removesuffix("s")
        return self._names.get(f"{noun}_id", noun)


def begin_a_turn(client: Letta, world: SeedWorld) -> None:
    """Have a turn under way in the conversation."""
    conversation_id = str(world(("conversation_id",)))
    client.conversations.messages.create(conversation_id, input=DAWDLE, background=True).close()


def greet(text: str) -> str:
    """Greet."""
    return f"Hello, {text}!"


def _tool(client: Letta, names: Names) -> Names:
    tool = client.tools.create(source_code=SOURCE)
    return {"tool_id": tool.id, "tool_name": tool.name, "tools": tool.name}


def _agent(client: Letta, names: Names) -> Names:
    agent = client.agents.create(
        name="seeded",
        model=MODEL,
        embedding=EMBEDDING,
        tags=["seeded"],
        memory_blocks=[{"label": "human", "value": "A person."}],
        tool_ids=[str(names["tool_id"])],
    )
    client.agents.messages.create(agent.id, input="Hello!")
    return {"agent_id": agent.id, "block_id": agent.blocks[0].id, "block_label": "human"}


def _conversation(client: Letta, names: Names) -> Names:
    agent_id = str(names["agent_id"])
    conversation = client.conversations.create(agent_id=agent_id)
    sent: Any = {"role": "user", "content": "Hello!", "otid": "seeded"}
    list(client.conversations.messages.create(conversation.id, messages=[sent], background=True))
    run = client.runs.list(agent_id=agent_id).items[0]
    step = client.runs.steps.list(run.id).items[0]
    message = client.conversations.messages.list(conversation.id).items[0]
    runs = dict.fromkeys(("run_id", "path_run_id", "body_run_id"), run.id)
    stream = {"conversations.messages.stream.otid": "seeded"}
    return {
        "conversation_id": conversation.id,
        "step_id": step.id,
        "message_id": message.id,
        **runs,
        **stream,
    }


def _waiting(client: Letta, names: Names) -> Names:
    """An agent and a conversation, each with a tool call that the client is to answer."""
    agent = client.agents.create(model=MODEL)
    conversation = client.conversations.create(agent_id=agent.id)
    offered: Any = [{"name": "ask_user"}]
    client.agents.messages.create(agent.id, input=ASK, client_tools=offered)
    list(client.conversations.messages.create(conversation.id, input=ASK, client_tools=offered))
    return {
        "waiting.agent_id": agent.id,
        "waiting.conversation_id": conversation.id,
        "agents.archives.attach.agent_id": agent.id,  # an agent has one archive, this one has none
    }


def _passage(client: Letta, names: Names) -> Names:
    passages = client.agents.passages.create(str(names["agent_id"]), text="The sky is blue.")
    return {"memory_id": passages[0].id, "passage_id": passages[0].id}


def _archive(client: Letta, names: Names) -> Names:
    archive = client.archives.create(name="seeded", embedding=EMBEDDING)
    passage = client.archives.passages.create(archive.id, text="Grass is green.")
    return {"archive_id": archive.id, "archives.passages.delete.passage_id": passage.id}


def _folder(client: Letta, names: Names) -> Names:
    folder = client.folders.create(name="seeded", embedding=EMBEDDING)
    client.agents.folders.attach(folder.id, agent_id=str(names["agent_id"]))
    file = client.folders.files.upload(folder.id, file=Path(str(names["file"])))
    _wait_for_agent_to_have_file(client, str(names["agent_id"]))
    return {"folder_id": folder.id, "source_id": folder.id, "file_id": file.id}


def _wait_for_agent_to_have_file(client: Letta, agent_id: str) -> None:
    """A file has to be processed first."""
    while not client.agents.files.list(agent_id).files:
        time.sleep(0.001)


def _identity(client: Letta, names: Names) -> Names:
    body = {"identifier_key": "seeded", "name": "Seeded", "identity_type": "user"}
    made: Any = client.post("/v1/identities/", body=body, cast_to=object)
    client.agents.identities.attach(made["id"], agent_id=str(names["agent_id"]))
    return {"identity_id": made["id"]}


def _mcp_server(client: Letta, names: Names) -> Names:
    config: Any = {"mcp_server_type": "sse", "server_url": FORMS["server_url"]}
    server: Any = client.mcp_servers.create(server_name="seeded", config=config)
    tool = client.mcp_servers.tools.list(server.id)[0]
    tools = dict.fromkeys(("mcp_servers.tools.retrieve.tool_id", "mcp_servers.tools.run.tool_id"))
    return {"mcp_server_id": server.id, **dict.fromkeys(tools, tool.id)}


def _schedule(client: Letta, names: Names) -> Names:
    scheduled = client.agents.schedule.create(
        str(names["agent_id"]),
        messages=[{"role": "user", "content": "Wake up!"}],
        schedule={"type": "one-time", "scheduled_at": 4_000_000_000_000},
    )
    return {"scheduled_message_id": scheduled.id}


def _template(client: Letta, names: Names) -> Names:
    template = client.templates.create(type="agent", agent_id=str(names["agent_id"]), name="seeded")
    return {
        "template_name": template.name,
        "template_version": f"{template.name}:current",
        "templates.rollback.version": "latest",
    }


def _environment(client: Letta, names: Names) -> Names:
    body = {"deviceId": "seeded", "connectionName": "Seeded"}
    made: Any = client.post("/v1/environments/register", body=body, cast_to=object)
    return {"device_id": "seeded", "connection_id": made["connectionId"]}


def _token(client: Letta, names: Names) -> Names:
    policy: Any = [{"type": "agent", "id": names["agent_id"], "access": ["read_agent"]}]
    made = client.access_tokens.create(hostname=str(FORMS["hostname"]), policy=policy)
    return {"token": made.token}


def _file(client: Letta, names: Names) -> Names:
    """An agent in a file, which can be imported."""
    exported = client.agents.export_file(str(names["agent_id"]))
    file = Path(str(names["file"])).with_name("agent.af")
    file.write_text(exported)
    parsed = json.loads(exported)
    files = {"agent_file": parsed, "agent_file_json": parsed}
    return {"agents.import_file.file": file, **files}


RESOURCES: tuple[tuple[str, Names, Callable[[Letta, Names], Names]], ...] = (
    ("tools.create", {}, _tool),
    ("agents.create", {}, _agent),
    ("conversations.create", {}, _conversation),
    ("conversations.create", {}, _waiting),
    ("agents.passages.create", {}, _passage),
    ("archives.create", {"archive_id": f"archive-{UUID}"}, _archive),
    ("folders.create", {**FOLDER, "file_id": f"file-{UUID}"}, _folder),
    ("identities.create", {"identity_id": f"identity-{UUID}"}, _identity),
    ("mcp_servers.create", {"mcp_server_id": f"mcp_server-{UUID}"}, _mcp_server),
    ("agents.schedule.create", {}, _schedule),
    ("templates.create", {}, _template),
    ("environments.register", {}, _environment),
    ("access_tokens.create", {}, _token),
    ("agents.export_file", {}, _file),
)
"""Which operation makes a thing, what stands for it until that is imitated, and how it is made."""
