"""Orders to tools in everyday words, without a tool's name."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockletta.brain.decisions import ChatMessage, ModelCall, ToolCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import BLOCKS, said, user
from tests.default_brain.tools import TOOLS, tool

WISHES = yaml.safe_load(
    (Path(__file__).parents[1] / "chats" / "tool_wishes.yaml").read_text("utf-8")
)


def tool_named(key: str, tools: dict[str, Any] = WISHES["tools"]) -> ToolSchema:
    """A tool of the file: `set_light 2` is another tool named set_light."""
    takes: dict[str, Any] = tools[key]["takes"]
    required = [name for name in takes if not name.endswith("?")]
    properties = {name.removesuffix("?"): schema for name, schema in takes.items()}
    parameters = {"properties": properties, "required": required}
    return ToolSchema(key.split(maxsplit=1)[0], tools[key]["does"], parameters)


def spelled(calls: tuple[ToolCall, ...], text: str) -> str:
    """Calls as they stand in the file, or the reply where nothing is called."""
    made = []
    for call in calls:
        given = json.loads(call.arguments).items()
        pairs = (f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in given)
        made.append(f"{call.name}({', '.join(pairs)})")
    return "; ".join(made) or text


def played(turns: list[dict[str, str]], tools: tuple[ToolSchema, ...]) -> list[dict[str, str]]:
    """Say one thing after the other; a tool returns `done`."""
    messages: list[ChatMessage] = []
    heard: list[dict[str, str]] = []
    names = tuple(one.name for one in tools)
    for turn, text in enumerate(next(iter(turn)) for turn in turns):
        messages.append(user(text))
        call = ModelCall("reply", "mock", "", messages, BLOCKS, names, turn=turn + 1, schemas=tools)
        decision = DefaultBrain().decide(call)
        heard.append({text: spelled(decision.tool_calls, decision.text)})
        messages.append(ChatMessage("assistant", decision.text, decision.tool_calls))
        for made in decision.tool_calls:
            returned = json.dumps({"status": "OK", "message": "done"})
            messages.append(ChatMessage("tool", returned, tool_call_id=made.id))
        messages += [said("Done.")] if decision.tool_calls else []
    return heard


@pytest.mark.parametrize("chat", WISHES["chats"], ids=lambda chat: next(iter(chat["turns"][0])))
def test_an_order_is_read_as_written(chat: dict[str, Any]) -> None:
    tools = (*TOOLS[:2], *map(tool_named, chat["tools"]))
    assert played(chat["turns"], tools) == chat["turns"]


def test_what_a_description_begins_with_weighs_more() -> None:
    shell = tool("Bash", "Executes a given bash command in a persistent shell.", command="string")
    story = f"{'Streams the events of a long script. ' * 3}It runs a shell command in a shell."
    watch = tool("Watch", story, command="string")
    order = "Run the shell command 'ls -l'"
    assert played([{order: ""}], (shell, watch)) == [{order: 'Bash(command="ls -l")'}]


@pytest.mark.parametrize(("sentences", "calls"), [(1, True), (50, False)])
def test_a_tool_with_a_manual_is_called_by_its_name_alone(sentences: int, calls: bool) -> None:
    tool = ToolSchema("get_forecast", "Gets the weather forecast. " * sentences, {})
    turns = ["Get the forecast", "Call get_forecast"]
    asked, named = played([{text: ""} for text in turns], (tool,))
    assert (asked[turns[0]] == "get_forecast()") is calls
    assert named[turns[1]] == "get_forecast()"


def test_of_two_tools_that_fit_alike_none_is_called() -> None:
    alike = [
        tool(name, "Get the wind of a town.", town="string") for name in ("get_wind", "fetch_wind")
    ]
    order = "Get the wind in Rome"
    reply = "Which tool do you mean: get_wind or fetch_wind?"
    assert played([{order: ""}], (*alike,)) == [{order: reply}]


def test_it_means_the_id_that_was_just_returned() -> None:
    tools = (
        tool("create_ticket", "Create a ticket.", title="string"),
        tool("assign_ticket", "Assign a ticket to a person.", ticket_id="string", person="string"),
    )
    made = ToolCall("1", "create_ticket", '{"title": "no paper"}')
    messages = [
        user("create a ticket: no paper"),
        ChatMessage("assistant", "", (made,)),
        ChatMessage("tool", '{"status": "OK", "message": "Created TICK-57"}', tool_call_id="1"),
        said("Done."),
        user("assign it to Jenny"),
    ]
    names = tuple(one.name for one in tools)
    call = ModelCall("reply", "mock", "", messages, BLOCKS, names, turn=2, schemas=tools)
    decision = DefaultBrain().decide(call)
    assert spelled(decision.tool_calls, "") == 'assign_ticket(person="Jenny", ticket_id="TICK-57")'
