"""Tools that agents have in these tests, and what the default brain does with them."""

import json

from mockletta.brain.decisions import ChatMessage, ModelCall, ToolSchema
from mockletta.default_brain import DefaultBrain
from tests.default_brain.asking import BLOCKS, only_call, talk


def tool(name: str, description: str = "", /, **properties: object) -> ToolSchema:
    """A tool whose parameters, each with its type or its schema, are all required."""
    schemas = {
        key: {"type": value} if isinstance(value, str) else value
        for key, value in properties.items()
    }
    parameters = {"type": "object", "properties": schemas, "required": list(properties)}
    return ToolSchema(name, description, parameters)


TOOLS = (
    ToolSchema("memory_insert", "Insert text into a memory block.", is_base=True),
    ToolSchema("conversation_search", "Search prior conversation history.", is_base=True),
    tool("get_weather", "Get the current weather for a city.", city="string"),
    tool("getTime", "Tell the current time."),
    tool("double", "Double a number.", x="integer"),
    tool("share", "The share of a sum in percent.", sum="number", percent="number"),
    tool("search_docs", "Search the docs of the product.", query="string"),
    tool("order_status", "Look up an order.", order_id="string"),
    tool("delete_user", "Delete a user.", name="string"),
    tool("flights", "Find flights between cities.", origin="string", destination="string"),
    tool("length", "Measure it.", amount="number", unit={"enum": ["km", "mi"]}),
    tool("plan", "Make a plan.", days={"type": "array"}),
)


def call_to(
    *texts: str, tools: tuple[ToolSchema, ...] = TOOLS, step: int = 1, system: str = ""
) -> ModelCall:
    """The model call for the last of these texts, said one after the other."""
    names = tuple(one.name for one in tools)
    messages: list[ChatMessage] = talk(*texts)
    return ModelCall("reply", "mock", system, messages, BLOCKS, names, step=step, schemas=tools)


def called(*texts: str, tools: tuple[ToolSchema, ...] = TOOLS) -> tuple[str, object]:
    """The tool that a message has called, and the arguments."""
    made = only_call(DefaultBrain().decide(call_to(*texts, tools=tools)))
    return made.name, json.loads(made.arguments)


def replied(*texts: str, tools: tuple[ToolSchema, ...] = TOOLS) -> str:
    """What a message that calls no tool is answered."""
    decision = DefaultBrain().decide(call_to(*texts, tools=tools))
    assert decision.tool_calls == ()
    return decision.text
