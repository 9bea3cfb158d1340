"""The default brain: it answers by the first entry of a table that understands a message."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall
from mockletta.brain.history import (
    newest_message,
    outcome,
    said,
)
from mockletta.default_brain.acknowledgements_and_recaps import (
    acknowledged,
    inventory,
    recap,
    summary,
)
from mockletta.default_brain.dates_and_times import clock
from mockletta.default_brain.exact_replies import echo, reckoned
from mockletta.default_brain.heard import NAMELESS, Heard, read_parts
from mockletta.default_brain.memory.answers import answer, worded_answer
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.memory_calls import tool_call
from mockletta.default_brain.memory.memory_changes import memory_act
from mockletta.default_brain.refusals import (
    cannot,
    cannot_either,
    code,
    foreign,
    no_opinion,
    puzzled,
)
from mockletta.default_brain.reply_forms import asks_what_is_known, shaped
from mockletta.default_brain.structured_replies import as_json, structured, without_json_order
from mockletta.default_brain.sums import compared, converted
from mockletta.default_brain.system_prompts import (
    Instructions,
    instructions,
    otherwise_in,
)
from mockletta.default_brain.tool_calling.tool_orders import (
    NotCallable,
    Order,
    due_order,
    forbids_tools,
)
from mockletta.default_brain.tool_calling.tool_reports import (
    SEND,
    has_just_failed,
    reported,
    since,
    tool_question,
)
from mockletta.default_brain.tool_calling.tool_wishes import (
    is_exact_order,
    named_orders,
    wished_orders,
)
from mockletta.language.facts import MEMORY_TOOLS, asks_for_return
from mockletta.language.memory_orders import memory_order
from mockletta.language.sentences import is_order, kind, plain, sentences
from mockletta.language.small_talk import MOCK, SELF, small_talk
from mockletta.language.words import data_table, expand, patterns

TALK = patterns("talk")

LONGEST, MOST = 2000, 8
NOT_TOLD = "I don't know. You haven't told me."
NOT_SAID = f"I can't tell: I am {MOCK}."


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


def _memory_order(heard: Heard) -> Decision | None:
    """Change memory, unless the order is exactly what a tool of the agent does."""
    done = memory_act(heard.text, heard.call, lambda: heard.sources.told)
    taken = done and is_exact_order(heard.text, heard.call, lambda: heard.sources)
    return None if taken else done


def _named_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: named_orders(heard.text, heard.call, lambda: heard.sources))


def _implied_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: wished_orders(heard.text, heard.call, lambda: heard.sources))


def _inventory(heard: Heard) -> str | None:
    return tool_question(heard.text, heard.call) or inventory(heard.text, heard.call)


def _count(heard: Heard) -> Decision | str | None:
    """Reckon, unless the order is to do what a tool of the agent does."""
    done = reckoned(heard.text, heard.call.messages)
    made = _implied_tool(heard) if done else None
    return made if isinstance(made, Decision) else done


def _ordered(heard: Heard, find: Callable[[], list[Order]]) -> Decision | str | None:
    """Call the tools that are found, without those that this turn has called already."""
    if forbids_tools(heard.text):
        return None
    try:
        orders = find()
    except NotCallable as refused:
        return str(refused)
    if not orders:
        return None
    made = [one for one in _made(heard.call) if one not in MEMORY_TOOLS]
    goes_on = made and made == [tool.name for tool, _ in orders[: len(made)]]
    if not goes_on and (made or (heard.call.step > 1 and not _made(heard.call))):
        return None
    left = tuple(tool_call(tool.name, arguments) for tool, arguments in orders[len(made) :])
    return Decision(tool_calls=left) if left else None


def _made(call: ModelCall) -> list[str]:
    """Return the names of the tools that this turn has called."""
    return [one.name for message in since(call) for one in message.tool_calls]


def _recall(heard: Heard) -> str | None:
    if heard.asks and (told := compared(heard.text, heard.sources)):
        return told
    reply, known = worded_answer(heard.question, heard.sources) if heard.asks else ("", False)
    return reply if known else None


def _unknown(heard: Heard) -> str | None:
    if not heard.asks:
        return None
    reply, _ = worded_answer(heard.text, heard.sources)
    if ": " in heard.text and TALK.authors.match(plain(heard.text)):
        return None
    unsaid = NOT_SAID if TALK.of_the_agent.search(heard.text) else NOT_TOLD
    return no_opinion(heard.text) or reply or unsaid


def _talk(heard: Heard) -> str | None:
    found = small_talk(heard.text)
    if found == SELF and TALK.of_work.search(heard.text):
        told, known = answer(heard.text, heard.sources)
        return told if known else heard.self
    return heard.self if found == SELF else found


def _able(heard: Heard) -> str | None:
    if again := cannot_either(heard.text, heard.call):
        return again
    text = expand(heard.text)
    is_ability = TALK.ability.match(text) and not asks_for_return(text)
    return cannot(text, heard.call.turn) if is_ability else None


def _statement(heard: Heard) -> str | None:
    """Take up what was told, and say if an order beside it cannot be carried out."""
    told = acknowledged(heard.text, heard.call)
    orders = (one for one in sentences(heard.text[:LONGEST]) if TALK.authors.match(plain(one)))
    refused = cannot(next(orders, ""), heard.call.turn) if told else None
    if not told and (sorry := TALK.apology.match(heard.text)) and not is_order(sorry["rest"]):
        return "No problem."
    return f"{told} {refused}" if refused else told


def _wordless(heard: Heard) -> str | None:
    shown = f'There are no words in "{heard.text[:20]}". How can I help?'
    return None if any(map(str.isalnum, heard.text)) else shown


ENTRIES = data_table("brain_entries")


def _entry(name: str, reply: Answerer) -> TableEntry:
    takes, answers, examples = (
        ENTRIES[f"{name}.{key}"] for key in ("takes", "answers", "examples")
    )
    return TableEntry(
        name, takes, answers, reply, tuple(examples.replace("{MOCK}", MOCK).split("\n"))
    )


TABLE = tuple(
    _entry(name, reply)
    for name, reply in (
        ("memory", _memory_order),
        ("tool-order", _named_tool),
        ("echo", lambda heard: echo(heard.text)),
        ("count", _count),
        ("prompt", lambda heard: heard.instructions.demanded(heard.text)),
        ("inventory", _inventory),
        ("clock", lambda heard: clock(heard.text, heard.call.now)),
        ("recap", lambda heard: recap(heard.text, heard.call.messages, heard.sources)),
        ("small-talk", _talk),
        ("wordless", _wordless),
        ("code", lambda heard: code(heard.text)),
        ("language", lambda heard: foreign(heard.text, heard.call.turn)),
        ("tool", _implied_tool),
        ("conversion", lambda heard: converted(heard.text)),
        ("recall", _recall),
        ("ability", _able),
        ("unknown", _unknown),
        ("statement", _statement),
        ("order", lambda heard: cannot(heard.text, heard.call.turn)),
        ("rest", lambda heard: puzzled(heard.text, heard.call.turn)),
    )
)
NAMES = frozenset(entry.name for entry in TABLE)


class DefaultBrain:
    """Decides by fixed rules: the same call, the same decision, on every machine.

    It tries the entries of TABLE in order, except those in `without`; ValueError for a name that
    TABLE does not have. Tools that tool rules require are called in any case.
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
        ordered = instructions(call)
        message = newest_message(call.messages)
        heard = Heard(said(message).strip(), call, ordered, Sources(call))
        if ordered.fixed is None:
            decision = self._decided(heard, message)
        else:
            decision = Decision(rule="brain: prompt")
        if decision.tool_calls:
            return decision
        if call.due and call.due[0] != SEND and not has_just_failed(call.due[0], call):
            tool, arguments = due_order(call, heard.text)
            return Decision(tool_calls=(tool_call(tool.name, arguments),), rule="brain: tool rule")
        decision = _ordered_text(decision, heard)
        if SEND in call.due and decision.text:
            calls = (tool_call(SEND, {"message": decision.text}),)
            return replace(decision, text="", tool_calls=calls)
        return decision

    def _decided(self, heard: Heard, message: ChatMessage) -> Decision:
        text, call = heard.text, heard.call
        if len(call.messages) and call.messages[-1].role == "tool":
            return self._continued(heard) or reported(call)
        parts = read_parts(text)
        if parts.is_greeting:
            decision = Decision(text=_hello(heard), rule="brain: greeting")
        elif parts.agreement:
            decision = Decision(parts.agreement, rule="brain: prompt")
        elif text:
            decision = self._tried(heard.part(parts.rest))
        else:
            empty = "" if message.images else "I received an empty message. How can I help?"
            decision = Decision(text=empty, rule="brain: empty")
        if decision.tool_calls:
            return decision
        greeted = "Hello!" if parts.greeting and decision.rule not in EXACT else ""
        several = "s" if message.images > 1 else ""
        seen = f"I received {message.images} image{several}, which I cannot see."
        formed = _formed(decision, parts.form, parts.rest)
        told = [seen if message.images else "", greeted, formed]
        return _with_text(decision, " ".join(filter(None, told)))

    def _continued(self, heard: Heard) -> Decision | None:
        """Return the next call of an order of several; an agent may make only one in a step."""
        returned = [one for one in since(heard.call) if one.role == "tool"]
        if any(outcome(one.text)[0] == "Failed" for one in returned):
            return None
        if not MEMORY_TOOLS.isdisjoint(_made(heard.call)):
            heard = heard.part(_without_memory_orders(heard.text))
        for entry in self._table if heard.text else ():
            found = entry.reply(heard) if entry.name in ("tool-order", "tool") else None
            if isinstance(found, Decision):
                return replace(found, rule=f"brain: {entry.name}")
        return None

    def _tried(self, heard: Heard) -> Decision:
        """Try the whole message, and its sentences one by one if that is not understood."""
        whole = self._first(heard)
        is_answer = whole.rule == "brain: unknown" and not whole.text.startswith("I don't know")
        if whole.rule not in NOT_UNDERSTOOD or is_answer:
            return whole
        lines = [*sentences(heard.text[:LONGEST])][:MOST]
        for line in reversed(lines) if len(lines) > 1 else ():
            chats = whole.rule == "brain: rest" and small_talk(line) is not None
            told = kind(line) == "statement" and not chats
            alone = whole if told else self._first(heard.part(line))
            if alone.rule not in NOT_UNDERSTOOD:
                return alone
        return whole

    def _first(self, heard: Heard) -> Decision:
        for entry in self._table:
            found = entry.reply(heard)
            if found is not None:
                rule = f"brain: {entry.name}"
                if isinstance(found, Decision):
                    return replace(found, rule=rule)
                return Decision(found, rule=rule)
        return Decision(text="OK.", rule="brain: nothing")


KNOWN = {"brain: recall": "Yes.", "brain: unknown": "No."}
NOT_UNDERSTOOD = frozenset(f"brain: {one}" for one in ("unknown", "ability", "order", "rest"))
BESIDE = NOT_UNDERSTOOD | {f"brain: {one}" for one in ("count", "clock", "code", "language")}
EXACT = frozenset({"brain: echo", "brain: greeting"})


def _without_memory_orders(text: str) -> str:
    """Return the orders of a message beside those to change memory."""
    orders = (one for one in sentences(text[:LONGEST]) if kind(one) == "command")
    return " ".join(one for one in orders if memory_order(one) is None)


def _formed(decision: Decision, form: str, asked: str) -> str:
    """Return a reply in the form that is asked for, also one that only says yes or no."""
    if form != "yes_no":
        return decision.text if decision.rule in NOT_UNDERSTOOD else shaped(form, decision.text)
    known = KNOWN.get(decision.rule) if asks_what_is_known(asked) else None
    return known or shaped(form, decision.text)


def _with_text(decision: Decision, text: str) -> Decision:
    return decision if text == decision.text else replace(decision, text=text)


def _ordered_text(decision: Decision, heard: Heard) -> Decision:
    """Give a reply the form that is ordered for every reply, and JSON if that is asked for."""
    asking, ordered = heard.text, heard.instructions
    if _is_declined(decision.rule, asking, ordered):
        decision = Decision(ordered.otherwise, rule="brain: prompt")
    if decision.rule in NOT_UNDERSTOOD:
        orders = map(otherwise_in, sentences(asking[:LONGEST]))
        decision = _with_text(decision, next(filter(None, orders), decision.text))
    text = ordered.apply(decision.text)
    asked = without_json_order(asking) or (asking if ordered.json else "")
    if heard.call.response_format:
        text = structured(text, asking, heard.call.response_format, heard.sources)
    elif asked and decision.rule != "brain: echo":
        is_array = "array" in f"{asking} {ordered.json}".lower()
        text = as_json(text, asked, heard.sources, ordered.json, is_array=is_array)
    return _with_text(decision, text)


def _is_declined(rule: str, text: str, ordered: Instructions) -> bool:
    """Return whether the system prompt has another reply to what is beside the topic or unknown."""
    if not ordered.topics:
        return bool(ordered.otherwise) and rule in NOT_UNDERSTOOD
    return rule in BESIDE and ordered.is_beside(text)


def _hello(heard: Heard) -> str:
    ordered = heard.instructions
    who = "" if NAMELESS in ordered.refused else ordered.who or heard.call.agent_name
    hello = f"Hello, {ordered.greeted}!" if ordered.greeted else "Hello!"
    name = f"{hello} I am {who}." if who else hello
    return f"{ordered.greeting or name} How can I help?"
