"""What a failing test's report shows of its mock."""

from mockletta.state.message_records import MessageRecord
from mockletta.wire.message_content import (
    ImageContent,
    LettaImage,
    TextContent,
    ToolCall,
    ToolReturn,
    UserContent,
)
from mockletta.world.failure_report import sections
from mockletta.world.world import World
from tests.journal.making import an_entry
from tests.worlds import make_agent, make_conversation, say

PNG = ImageContent(source=LettaImage(file_id="file-1"))


def _store(world: World, thread_id: str, **record: object) -> None:
    made = MessageRecord(
        **{  # type: ignore[arg-type]
            "id": world.ids.new("message"),
            "created_at": world.clock.now(),
            "agent_id": "agent-1",
            "conversation_id": None,
            "tokens": 1,
            "run_id": "run-1",
            "content": "",
            **record,
        }
    )
    world.store.add_message(made, world.store.thread(thread_id))


def test_a_world_in_which_nothing_happened_shows_nothing() -> None:
    world = World()
    make_conversation(world, make_agent(world))

    assert sections(world) == []


def test_a_transcript_tells_who_said_what_on_a_line_each() -> None:
    world = World()
    agent = make_agent(world, "Ada")
    call = ToolCall(name="look", arguments='{"at": "it"}', tool_call_id="1")
    returned = ToolReturn(tool_return="a cat", status="success", tool_call_id="1")
    parts: list[UserContent] = [TextContent(text="a dog")]
    other = ToolReturn(tool_return=parts, status="error", tool_call_id="1")
    _store(world, agent.id, role="user", content=(TextContent(text="Look\nat it"), PNG))
    _store(world, agent.id, role="assistant", reasoning="Hm.", content="Yes", tool_calls=(call,))
    _store(world, agent.id, role="tool", tool_returns=(returned, other))
    _store(world, agent.id, role="assistant", content="x" * 300)

    ((title, text),) = sections(world)

    assert title == f"mockletta: {agent.id} (Ada)"
    assert text.splitlines() == [
        "user: Look at it (1 image)",
        "reasoning: Hm.",
        "assistant: Yes",
        'tool call: look {"at": "it"}',
        "tool return: a cat (success)",
        "tool return: a dog (error)",
        f"assistant: {'x' * 199}…",
    ]


def test_a_verdict_is_shown_if_it_is_not_clean() -> None:
    world = World()
    world.journal.add(an_entry("agents.list", method="GET"))
    clean = sections(world)
    world.journal.add(an_entry("agents.messages.stream"))

    assert [title for title, _ in clean] == ["mockletta: 1 request"]
    (requests, _), (title, text) = sections(world)
    assert (requests, title) == ("mockletta: 2 requests", "mockletta: the verdict")
    assert text.startswith("the client did 1 thing wrong\ndeprecated-operation: ")


def test_only_the_newest_threads_and_messages_are_shown() -> None:
    world = World()
    agent = make_agent(world)
    threads = [make_conversation(world, agent).id for _ in range(4)]
    for thread in threads:
        for number in range(8):
            say(world, thread, f"{thread} {number}")

    shown = sections(world)

    assert [title for title, _ in shown] == [f"mockletta: {one} of Ada" for one in threads[1:]]
    assert [text.count("\n") + 1 for _, text in shown] == [12, 12, 12]
    assert shown[-1][1].splitlines()[0] == f"user: {threads[-1]} 2"
