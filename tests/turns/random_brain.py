"""A brain that does what a plan says: the same in the same place, whatever happened meanwhile."""

import asyncio
from dataclasses import dataclass, field

from mockletta.brain.decisions import Decision, ModelCall, ModelFailure, ToolCall, ToolResult

HANG = "hang"
"""What a message says for whose answer there is no end of waiting."""
LABEL = '{"label": "human", "new_string": "It is so."}'


@dataclass(frozen=True)
class Planned:
    """One step: text, then calls of tools by name; `fails` is how the model fails instead."""

    text: str = ""
    calls: tuple[str, ...] = ()
    fails: str = ""

    def decision(self, call: ModelCall) -> Decision:
        if self.fails:
            raise ModelFailure(429, kind="overflow" if self.fails == "overflow" else "status")
        calls = [
            _call(name, f"call-{call.run_id}-{call.step}-{place}")
            for place, name in enumerate(self.calls)
        ]
        return Decision(text=self.text, tool_calls=tuple(calls))


def _call(name: str, call_id: str) -> ToolCall:
    match name:
        case "laid_down":
            return ToolCall(call_id, "double", '{"x": 1}', ToolResult("2"))
        case "asked_for":
            return ToolCall(call_id, "double", '{"x": 1}', ToolResult("2"), needs_approval=True)
        case "not_json":
            return ToolCall(call_id, "double", '{"x": ')
        case "memory_insert":
            return ToolCall(call_id, name, LABEL)
        case _:
            return ToolCall(call_id, name, '{"x": 1}')


@dataclass
class PlannedBrain:
    """Takes the step of its plan that belongs to where the call stands in its thread.

    `asked` counts the calls to it, `hanging` those that are waited for without end.
    """

    plan: tuple[Planned, ...]
    asked: int = 0
    decided: int = 0
    hanging: int = 0

    def decide(self, call: ModelCall) -> Decision:
        self.asked += 1
        if call.purpose == "summary":
            self.decided += 1
            return Decision(text="They talked.")
        place = 5 * call.turn + 3 * call.step + len(call.messages)
        decision = self.plan[place % len(self.plan)].decision(call)
        self.decided += 1
        return decision


@dataclass
class SlowPlannedBrain(PlannedBrain):
    """The same, but it takes its time: the turn is not over before the request is."""

    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def consult(self, call: ModelCall) -> Decision:
        if call.messages and call.messages[-1].text == HANG:
            self.hanging += 1
            try:
                await self.never.wait()
            finally:
                self.hanging -= 1
        await asyncio.sleep(0)
        return self.decide(call)
