"""The default brain: it answers by the first entry of a table that understands a message."""

from collections.abc import Iterable
from dataclasses import replace

from mockletta.brain.decisions import Decision, ModelCall, ToolCall
from mockletta.brain.history import just_returned, newest_message, said
from mockletta.default_brain import small_talk
from mockletta.default_brain.entry_table import TABLE, Heard
from mockletta.default_brain.facts import MEMORY_TOOLS, made_for, outcome
from mockletta.default_brain.instructions import instructions
from mockletta.default_brain.knowledge import Sources
from mockletta.default_brain.memory_updates import report_update, tool_call
from mockletta.default_brain.named_tools import due_order
from mockletta.default_brain.recaps import summary
from mockletta.default_brain.structured_replies import as_json, structured, without_json_order

SEND = "send_message"
NAMES = frozenset(entry.name for entry in TABLE)


class DefaultBrain:
    """Decides by fixed rules: the same call, the same decision, on every machine.

    It tries the entries of TABLE in order, but for those in `without`; ValueError for a name that
    TABLE does not have. What tool rules demand it calls in any case.
    """

    def __init__(self, *, without: Iterable[str] = ()) -> None:
        off = frozenset(without)
        if unknown := off - NAMES:
            known = ", ".join(entry.name for entry in TABLE)
            raise ValueError(f"the default brain has no {min(unknown)!r}: it has {known}")
        self._table = tuple(entry for entry in TABLE if entry.name not in off)

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call; only a question reads the whole history."""
        if call.purpose == "summary":
            return Decision(text=summary(call.messages), rule="brain: summary")
        ordered = instructions(call.system)
        decision = (
            Decision(rule="brain: prompt") if ordered.fixed is not None else self._decided(call)
        )
        if decision.tool_calls:
            return decision
        heard = said(newest_message(call.messages)).strip()
        if call.due and call.due[0] != SEND and not _has_just_failed(call.due[0], call):
            tool, arguments = due_order(call, heard)
            return Decision(tool_calls=(tool_call(tool.name, arguments),), rule="brain: tool rule")
        said_as_json = without_json_order(heard)
        text = ordered.apply(decision.text)
        if said_as_json and not call.response_format and decision.rule != "brain: echo":
            text = as_json(text, said_as_json, Sources(call))
        return _spoken(decision, text, heard, call)

    def _decided(self, call: ModelCall) -> Decision:
        if len(call.messages) and call.messages[-1].role == "tool":
            return _reported(call)
        message = newest_message(call.messages)
        text = said(message).strip()
        opening = small_talk.greeting(text)
        rest = text[len(opening) :].strip()
        if opening and (not rest or _is_address(rest)):
            decision = Decision(text=_hello(call.agent_name), rule="brain: greeting")
        elif not text:
            decision = Decision(
                text="I received an empty message. How can I help?", rule="brain: empty"
            )
        else:
            decision = self._tried(Heard(without_json_order(rest) or rest, call))
        if decision.tool_calls:
            return decision
        seen = _seen(message.images) if message.images else ""
        hello = (
            "Hello!"
            if opening and rest and decision.rule not in ("brain: echo", "brain: greeting")
            else ""
        )
        spoken = decision.text if text or not seen else ""
        return _with_text(decision, " ".join(filter(None, [seen, hello, spoken])))

    def _tried(self, heard: Heard) -> Decision:
        for entry in self._table:
            found = entry.reply(heard)
            if found is not None:
                rule = f"brain: {entry.name}"
                if isinstance(found, Decision):
                    return replace(found, rule=rule)
                return Decision(found, rule=rule)
        return Decision(text="OK.", rule="brain: nothing")


def _spoken(decision: Decision, text: str, heard: str, call: ModelCall) -> Decision:
    """Say a text: as JSON where that is asked for, by a tool where an agent answers by one."""
    if call.response_format:
        text = structured(text, heard, call.response_format, Sources(call))
    if SEND in call.due and text:
        return replace(decision, text="", tool_calls=(tool_call(SEND, {"message": text}),))
    return _with_text(decision, text)


def _with_text(decision: Decision, text: str) -> Decision:
    return decision if text == decision.text else replace(decision, text=text)


def _reported(call: ModelCall) -> Decision:
    """Say what the tools of the newest step returned; nothing after a message by tool."""
    text = said(newest_message(call.messages))
    told: list[str] = []
    for message in just_returned(call.messages):
        made = made_for(message, call.messages)
        status, returned = outcome(message.text)
        if made is not None and made.name == SEND and status == "OK":
            continue
        told.append(_report(made, status, returned, text))
    return Decision(text=" ".join(dict.fromkeys(told)), rule="brain: report")


def _report(made: ToolCall | None, status: str, returned: str, text: str) -> str:
    if made is not None and made.name in MEMORY_TOOLS:
        return report_update(made, status, returned, text)
    name = f"The tool {made.name}" if made else "The tool"
    return f"{name} {'failed' if status == 'Failed' else 'returned'}: {returned[:500]}"


def _has_just_failed(name: str, call: ModelCall) -> bool:
    last = call.messages[-1] if len(call.messages) else None
    if last is None or last.role != "tool":
        return False
    made = made_for(last, call.messages)
    return made is not None and made.name == name and outcome(last.text)[0] == "Failed"


def _is_address(rest: str) -> bool:
    """Tell whether what follows a greeting is only a name."""
    return rest.strip(" .!?,").isalpha() and small_talk.small_talk(rest) is None


def _hello(agent_name: str) -> str:
    return f"Hello! I am {agent_name}. How can I help?" if agent_name else "Hello! How can I help?"


def _seen(images: int) -> str:
    return f"I received {images} image{'s' if images > 1 else ''}, which I cannot see."
