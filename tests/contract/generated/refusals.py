"""Calls that the server rightly refuses, and why. One that refuses nothing any more fails."""

from fnmatch import fnmatchcase
from typing import NamedTuple

SENDING = (
    "agents.messages.create",
    "agents.messages.stream",
    "conversations.messages.create",
)
"""What answers with the reply. An asynchronous run fails by itself, when it was accepted."""
IN_THE_STREAM = 200
"""What a failure inside a stream has for a status."""


class Refusal(NamedTuple):
    """Calls, by patterns of their labels, of these operations, that get one of these statuses."""

    why: str
    operations: tuple[str, ...]
    calls: tuple[str, ...]
    statuses: tuple[int, ...]

    def covers(self, operation: str, label: str) -> bool:
        """Whether it is about a call."""
        return operation in self.operations and any(fnmatchcase(label, one) for one in self.calls)


REFUSALS = (
    Refusal(
        "A request brings messages or input.",
        (*SENDING, "agents.messages.create_async"),
        ("smallest", "input=None", "messages=None"),
        (422,),
    ),
    Refusal(
        "Models take text and images from a user, nothing else.",
        (*SENDING, "agents.create"),
        tuple(
            f"{place}.{part}*"
            for place in (
                "input",
                "messages.MessageCreateParam.content",
                "initial_message_sequence.MessageCreateParam.content",
            )
            for part in ("Tool*", "*Reasoning*")
        ),
        (400, IN_THE_STREAM),
    ),
    Refusal(
        "An answer says which calls it answers; a request's id is no call's.",
        SENDING,
        ("messages.ApprovalCreateParam smallest", "messages.ApprovalCreateParam.approvals=None"),
        (400, IN_THE_STREAM),
    ),
    Refusal(
        "Only streams have options of streams.",
        ("agents.messages.create",),
        ("all but *", "background=True", "include_pings=False", "stream_tokens=True"),
        (422,),
    ),
    Refusal(
        "An agent has a model, although the SDK does not insist on one.",
        ("agents.create",),
        ("smallest", "model=None"),
        (400,),
    ),
    Refusal(
        "The recorded server makes no agents of this kind.",
        ("agents.create",),
        ("agent_type=split_thread_agent",),
        (400,),
    ),
    Refusal(
        "A voice agent has a sleeptime agent.",
        ("agents.create",),
        ("agent_type=voice_convo_agent",),
        (422,),
    ),
    Refusal(
        "A folder's files are embedded, although the SDK does not insist on how.",
        ("folders.create",),
        ("smallest", "embedding=None"),
        (400,),
    ),
    Refusal(
        "A file is of the kind that its name says, and this one has none.",
        ("folders.files.upload",),
        ("file.bytes",),
        (415,),
    ),
    Refusal(
        "There is a file of that name, and that is to be an error.",
        ("folders.files.upload",),
        ("duplicate_handling=error",),
        (400,),
    ),
    Refusal(
        "A message through an environment says whom it is for.",
        ("environments.send_message",),
        ("smallest",),
        (400,),
    ),
    Refusal(
        "The older form of a file is not written any more.",
        ("agents.export_file",),
        ("all", "use_legacy_format=True"),
        (400,),
    ),
    Refusal(
        "A server that becomes one of another kind needs what that kind needs.",
        ("mcp_servers.update",),
        ("config.UpdateStdio*=None", "config.UpdateStreamable*=None"),
        (400,),
    ),
    Refusal(
        "Nothing is under way that could be followed without being named.",
        ("conversations.messages.stream",),
        ("smallest", "run_id=None"),
        (400,),
    ),
)


def refusal_of(operation: str, label: str) -> Refusal | None:
    """Why a call is refused; None if it is not."""
    return next((one for one in REFUSALS if one.covers(operation, label)), None)
