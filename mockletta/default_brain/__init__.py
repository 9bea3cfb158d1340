"""The default brain: it answers by the first entry of a table that understands a message."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mockletta.brain.decisions import ChatMessage, Decision, MemoryBlock, ModelCall
from mockletta.brain.history import added_sections, newest_message, outcome, said
from mockletta.default_brain import entry_replies as replies
from mockletta.default_brain.acknowledgements_and_recaps import recap, summary
from mockletta.default_brain.entry_replies import NAMELESS, Heard, read_parts
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.memory_calls import tool_call
from mockletta.default_brain.memory.memory_changes import next_memory_act
from mockletta.default_brain.reply_forms import shaped
from mockletta.default_brain.structured_replies import as_json, structured, without_json_order
from mockletta.default_brain.system_prompts import Instructions, instructions, otherwise_in
from mockletta.default_brain.tool_calling.tool_orders import due_order
from mockletta.default_brain.tool_calling.tool_reports import SEND, has_just_failed, reported, since
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.memory_orders import memory_order, memory_orders
from mockletta.language.sentences import kind, sentences
from mockletta.language.small_talk import MOCK, small_talk
from mockletta.language.words import data_table, expand

__all__ = ["TABLE", "DefaultBrain", "TableEntry", "compile_ahead"]

LONGEST, MOST = 2000, 8
EMPTY = "I received an empty message. How can I help?"
ADDED_ONLY = f"I received only what your client wrote, and follow no orders of it: I am {MOCK}."
Answerer = Callable[[Heard], Decision | str | None]


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One thing the default brain understands: what it takes, what it answers, and how.

    An example is `said → reply` or `said / said → reply`. The words are in data/brain_entries.txt.
    """

    name: str
    takes: str
    answers: str
    reply: Answerer
    examples: tuple[str, ...]


ENTRIES = data_table("brain_entries")


def _entry(name: str, reply: Answerer) -> TableEntry:
    takes, answers, examples = (
        ENTRIES[f"{name}.{key}"] for key in ("takes", "answers", "examples")
    )
    shown = examples.replace("{MOCK}", MOCK).split("\n")
    return TableEntry(name, takes, answers, reply, tuple(shown))


TABLE = (
    _entry("memory", replies.memory_order),
    _entry("tool-order", replies.named_tool),
    _entry("echo", replies.echoed),
    _entry("count", replies.reckoning),
    _entry("prompt", lambda heard: heard.instructions.demanded(heard.text)),
    _entry("inventory", replies.possessions),
    _entry("clock", replies.time_or_date),
    _entry("recap", lambda heard: recap(heard.text, heard.call.messages, heard.sources)),
    _entry("small-talk", replies.small),
    _entry("wordless", replies.wordless),
    _entry("code", replies.code),
    _entry("language", replies.foreign),
    _entry("tool", replies.implied_tool),
    _entry("recall", replies.recalled),
    _entry("ability", replies.ability),
    _entry("unknown", replies.unknown),
    _entry("statement", replies.statement),
    _entry("order", replies.unable),
    _entry("rest", replies.puzzled),
)
NAMES = frozenset(entry.name for entry in TABLE)
NOT_UNDERSTOOD = frozenset(f"brain: {one}" for one in ("unknown", "ability", "order", "rest"))
BESIDE = NOT_UNDERSTOOD | {f"brain: {one}" for one in ("count", "clock", "code", "language")}
EXACT = frozenset({"brain: echo", "brain: greeting"})
EVERYDAY = (
    "Hello!", "Count to 3.", "Thanks!", "My dog is called Rex.", "What is my dog called?",
    "Forget my dog.",
)  # fmt: skip
"""Messages for which most of the regular expressions are needed."""


class DefaultBrain:
    """Decides by fixed rules: the same call, the same decision, on every machine.

    It tries the entries of TABLE in order, except those in `without`; ValueError for a name that
    TABLE does not have. Without `prompt`, no order for every reply is obeyed either. Tools that
    tool rules require are called in any case.
    """

    def __init__(self, *, without: Iterable[str] = ()) -> None:
        off = frozenset(without)
        if unknown := off - NAMES:
            known = ", ".join(entry.name for entry in TABLE)
            raise ValueError(f"the default brain has no {min(unknown)!r}: it has {known}")
        self._table = tuple(entry for entry in TABLE if entry.name not in off)
        self._names = NAMES - off

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call; only a question reads the whole history."""
        if call.purpose == "summary":
            return Decision(text=summary(call.messages), rule="brain: summary")
        ordered = instructions(call)
        if "prompt" not in self._names:
            ordered = Instructions(who=ordered.who)
        message = newest_message(call.messages)
        heard = Heard(said(message).strip(), call, ordered, Sources(call))
        is_fixed = ordered.fixed is not None
        decision = Decision(rule="brain: prompt") if is_fixed else self._decided(heard, message)
        if decision.tool_calls:
            return decision
        if call.due and call.due[0] != SEND and not has_just_failed(call.due[0], call):
            tool, arguments = due_order(call, heard.text)
            return Decision(tool_calls=(tool_call(tool.name, arguments),), rule="brain: tool rule")
        decision = _as_ordered(decision, heard)
        if SEND in call.due and decision.text:
            calls = (tool_call(SEND, {"message": decision.text}),)
            return Decision(tool_calls=calls, rule=decision.rule)
        return decision

    def _decided(self, heard: Heard, message: ChatMessage) -> Decision:
        call = heard.call
        if len(call.messages) and call.messages[-1].role == "tool":
            return self._continued(heard) or reported(call)
        parts = read_parts(heard.text)
        if parts.is_greeting:
            decision = Decision(text=_hello(heard), rule="brain: greeting")
        elif parts.agreement and "prompt" in self._names:
            decision = Decision(parts.agreement, rule="brain: prompt")
        elif heard.text:
            decision = self._tried(heard.part(parts.rest))
        else:
            empty = ADDED_ONLY if added_sections(message.text) else EMPTY
            decision = Decision("" if message.images else empty, rule="brain: empty")
        if decision.tool_calls:
            return decision
        hello = heard.instructions.greeting or "Hello!"
        greeted = hello if parts.greeting and decision.rule not in EXACT else ""
        several = "s" if message.images > 1 else ""
        seen = f"I received {message.images} image{several}, which I cannot see."
        plain = decision.rule in NOT_UNDERSTOOD and parts.form != "yes_no"
        formed = decision.text if plain else shaped(parts.form, decision.text)
        told = [seen if message.images else "", greeted, formed]
        return _with_text(decision, " ".join(filter(None, told)))

    def _continued(self, heard: Heard) -> Decision | None:
        """Return the next call of an order of several; an agent may make only one in a step."""
        returned = [one for one in since(heard.call) if one.role == "tool"]
        if any(outcome(one.text)[0] == "Failed" for one in returned):
            return None
        if made := sum(name in MEMORY_TOOLS for name in heard.made):
            more = next_memory_act(heard.text, heard.call, lambda: heard.sources.told, made)
            if more and "memory" in self._names:
                return _by_entry("memory", more)
            orders = (one for one in sentences(heard.text[:LONGEST]) if kind(one) == "command")
            heard = heard.part(" ".join(one for one in orders if memory_order(one) is None))
        calling = [entry for entry in self._table if entry.name in ("tool-order", "tool")]
        for entry in calling if heard.text else ():
            if isinstance(found := entry.reply(heard), Decision):
                return _by_entry(entry.name, found)
        return None

    def _tried(self, heard: Heard) -> Decision:
        """Try the whole message, and its questions and orders if that is not understood."""
        whole = self._first(heard)
        lines = [*sentences(heard.text[:LONGEST])][:MOST]
        is_answer = whole.rule == "brain: unknown" and not whole.text.startswith("I don't know")
        if whole.rule not in NOT_UNDERSTOOD or is_answer or len(lines) < 2:
            return whole
        parts = (heard.part(one) for one in reversed(lines) if kind(one) != "statement")
        tried = map(self._first, parts)
        return next((one for one in tried if one.rule not in NOT_UNDERSTOOD), whole)

    def _first(self, heard: Heard) -> Decision:
        for entry in self._table:
            found = entry.reply(heard)
            if found is not None:
                return _by_entry(entry.name, found)
        return Decision(text="OK.", rule="brain: nothing")


def compile_ahead() -> Iterator[None]:
    """Compile the regular expressions that most messages need, in pieces of some milliseconds."""
    for text in EVERYDAY:
        for read in (expand, small_talk, kind, memory_orders):
            read(text)
            yield
        blocks = (MemoryBlock("human", ""), MemoryBlock("persona", ""))
        tools = ("conversation_search", *sorted(MEMORY_TOOLS))
        call = ModelCall("reply", "", "", [ChatMessage("user", text)], blocks, tools)
        for entry in TABLE:
            DefaultBrain(without=NAMES - {entry.name}).decide(call)
            yield


def _hello(heard: Heard) -> str:
    ordered = heard.instructions
    if ordered.greeting:
        return ordered.greeting
    who = "" if NAMELESS in ordered.refused else ordered.who or heard.call.agent_name
    hello = f"Hello, {ordered.greeted}!" if ordered.greeted else "Hello!"
    return f"{hello} I am {who}. How can I help?" if who else f"{hello} How can I help?"


def _by_entry(name: str, found: Decision | str) -> Decision:
    text, calls = (found, ()) if isinstance(found, str) else (found.text, found.tool_calls)
    decision = Decision(text)
    decision.tool_calls, decision.rule = calls, f"brain: {name}"
    return decision


def _with_text(decision: Decision, text: str) -> Decision:
    calls, rule = decision.tool_calls, decision.rule
    return decision if text == decision.text else Decision(text, tool_calls=calls, rule=rule)


def _as_ordered(decision: Decision, heard: Heard) -> Decision:
    """Give a reply the form that is ordered for every reply, and JSON if that is asked for."""
    asking, ordered = heard.text, heard.instructions
    is_beside = decision.rule in BESIDE and ordered.is_beside(asking)
    is_unknown = decision.rule in NOT_UNDERSTOOD and not ordered.topics
    if ordered.otherwise and (is_beside or is_unknown):
        decision = Decision(ordered.otherwise, rule="brain: prompt")
    if decision.rule in NOT_UNDERSTOOD:
        orders = map(otherwise_in, sentences(asking[:LONGEST]))
        decision = _with_text(decision, next(filter(None, orders), decision.text))
    text = ordered.apply(decision.text)
    asked = without_json_order(asking) or (asking if ordered.json else "")
    if heard.call.response_format:
        text = structured(text, asking, heard.call.response_format, heard.sources)
    elif asked and decision.rule != "brain: echo":
        text = as_json(text, asked, heard.sources, ordered.json)
    return _with_text(decision, text)
