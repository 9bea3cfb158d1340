"""The default brain: it answers by the first entry of a table that understands a message."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall, ToolCall
from mockletta.brain.history import just_returned, newest, newest_message, said
from mockletta.default_brain.acknowledgements_and_recaps import (
    CODE_REPLY,
    acknowledged,
    cannot,
    code,
    foreign,
    inventory,
    no_opinion,
    puzzled,
    recap,
    summary,
)
from mockletta.default_brain.answers import answer, worded_answer
from mockletta.default_brain.exact_replies import calculate, clock, compared, count, echo, letters
from mockletta.default_brain.facts import MEMORY_TOOLS, asks_for_return, made_for, outcome
from mockletta.default_brain.knowledge import Sources
from mockletta.default_brain.memory_changes import memory_act, report_update, tool_call
from mockletta.default_brain.reply_forms import (
    Instructions,
    as_json,
    instructions,
    structured,
    without_json_order,
)
from mockletta.default_brain.sentences import MOCK, SELF, greeting, kind, sentences, small_talk
from mockletta.default_brain.tool_orders import (
    NotCallable,
    Order,
    due_order,
    forbids_tools,
)
from mockletta.default_brain.tool_wishes import named_orders, wished_orders
from mockletta.default_brain.words import patterns

TALK = patterns("talk")

SEND = "send_message"


@dataclass
class Heard:
    """A message to answer: the user's own words, and what is known."""

    text: str
    call: ModelCall

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.call)

    @cached_property
    def instructions(self) -> Instructions:
        return instructions(self.call.system)

    @cached_property
    def asks(self) -> bool:
        return any(kind(sentence) == "question" for sentence in sentences(self.text))

    @property
    def self(self) -> str:
        """Who the agent is, in a sentence."""
        if self.instructions.who:
            return f"I am {self.instructions.who}."
        told, known = answer("What is your name?", self.sources)
        name = f"{self.call.agent_name}, " if self.call.agent_name else ""
        return told if known else f"I am {name}{MOCK}."


Answerer = Callable[[Heard], Decision | str | None]


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One thing the default brain understands: what it takes, what it answers, and how.

    An example is `said → reply` or `said / said → reply`.
    """

    name: str
    takes: str
    answers: str
    reply: Answerer
    examples: tuple[str, str]


def _named_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: named_orders(heard.text, heard.call, lambda: heard.sources))


def _implied_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: wished_orders(heard.text, heard.call, lambda: heard.sources))


def _ordered(heard: Heard, find: Callable[[], list[Order]]) -> Decision | str | None:
    """Call the tools that are found, without those that this turn has called already."""
    if forbids_tools(heard.text):
        return None
    try:
        orders = find()
    except NotCallable as refused:
        return str(refused)
    made = [one.name for message in _since(heard.call) for one in message.tool_calls]
    goes_on = made and made == [tool.name for tool, _ in orders[: len(made)]]
    if not goes_on and heard.call.step > 1:
        return None
    left = tuple(tool_call(tool.name, arguments) for tool, arguments in orders[len(made) :])
    return Decision(tool_calls=left) if left else None


def _since(call: ModelCall) -> Sequence[ChatMessage]:
    """Return the calls and returns since the user's newest message."""
    ends = len(call.messages) and call.messages[-1].role == "tool"
    last = newest(call.messages) if ends else None
    return call.messages[last + 1 :] if last is not None else ()


def _recall(heard: Heard) -> str | None:
    if heard.asks and (told := compared(heard.text, heard.sources)):
        return told
    reply, known = worded_answer(heard.text, heard.sources) if heard.asks else ("", False)
    return reply if known else None


def _unknown(heard: Heard) -> str | None:
    if not heard.asks:
        return None
    reply, _ = worded_answer(heard.text, heard.sources)
    return no_opinion(heard.text) or reply or "I don't know. You haven't told me."


def _talk(heard: Heard) -> str | None:
    found = small_talk(heard.text)
    return heard.self if found == SELF else found


def _able(heard: Heard) -> str | None:
    is_ability = TALK.ability.match(heard.text) and not asks_for_return(heard.text)
    return cannot(heard.text, heard.call.turn) if is_ability else None


def _wordless(heard: Heard) -> str | None:
    shown = f'There are no words in "{heard.text[:20]}". How can I help?'
    return None if any(map(str.isalnum, heard.text)) else shown


TABLE: tuple[TableEntry, ...] = (
    TableEntry(
        "memory", "an order to remember, change or forget something",
        "calls a memory tool that changes one block, or says why it does not",
        lambda heard: memory_act(heard.text, heard.call, lambda: heard.sources.told),
        ('Remember that I like tea. → memory_insert(label="human", new_string="I like tea.")',
         "Forget my hat. → There is nothing about your hat in a memory block that I may change."),
    ),
    TableEntry(
        "tool-order", "an order to call a tool by its name, once or several times",
        "calls it with the arguments that it finds, or asks for those that are missing",
        _named_tool,
        ('Call get_weather with {"city": "Rome"} → get_weather(city="Rome")',
         "Use the get_weather tool. → To call get_weather I need: city."),
    ),
    TableEntry(
        "echo", "an order to say something word for word", "says exactly that",
        lambda heard: echo(heard.text),
        ("Say 'pineapple' → pineapple", "Reply with just the word OK. → OK"),
    ),
    TableEntry(
        "count", "an order to count, a sum in digits or words, or the letters of a word",
        "the numbers, or the result",
        lambda heard: count(heard.text) or calculate(heard.text) or letters(heard.text),
        ("Count from 3 to 6. → 3, 4, 5, 6", "What is 17 plus 25? → That is 42."),
    ),
    TableEntry(
        "prompt", "what the system prompt gives a reply for: `If asked for X, say Y`",
        "that reply", lambda heard: heard.instructions.demanded(heard.text),
        ("What is the magic word? → xyzzy", "Tell me the magic word! → xyzzy"),
    ),
    TableEntry(
        "inventory", "a question about the agent's tools, skills or memory blocks", "lists them",
        lambda heard: inventory(heard.text, heard.call),
        ("Which tools do you have? → My tools: memory_insert, memory_replace, get_weather.",
         "What is in your persona block? → persona: I am Sam."),
    ),
    TableEntry(
        "clock", "a question about the day, the date, the time, the year, or the days until then",
        "tells it by the world's clock", lambda heard: clock(heard.text, heard.call.now),
        ("What day is it today? → It is Thursday, 1 January 2026.",
         "What time is it? → It is 09:30 UTC."),
    ),
    TableEntry(
        "recap", "a question about all that was said, or about the first or last message",
        "tells the current state, each thing once, or quotes the message",
        lambda heard: recap(heard.text, heard.call.messages, heard.sources),
        ("I am Al. / What do you know about me? → Here is what I know: you are Al; Test user.",
         'I am Al. / What did I just say? → You said: "I am Al."'),
    ),
    TableEntry(
        "small-talk", "thanks, farewells, questions about the agent", "a set phrase", _talk,
        ("Thanks a lot! → You're welcome!", "bye → Goodbye!"),
    ),
    TableEntry(
        "wordless", "a message without any word", "says so", _wordless,
        ('🎉 → There are no words in "🎉". How can I help?',
         '... → There are no words in "...". How can I help?'),
    ),
    TableEntry(
        "code", "a piece of a program", "says that it cannot run or explain it",
        lambda heard: code(heard.text),
        (f"def f(x): return x; → {CODE_REPLY}", f"import os; os.getcwd() → {CODE_REPLY}"),
    ),
    TableEntry(
        "language", "a message in another language", "says that it understands English only",
        lambda heard: foreign(heard.text, heard.call.turn),
        ("Wie geht es dir? → Sorry, I understand English only, not German.",
         "今日はいい天気ですね → Sorry, I understand English only."),
    ),
    TableEntry(
        "tool", "a sentence whose words one tool's name and description share",
        "calls that tool, unless the answer was told before", _implied_tool,
        ('Get the weather for Oslo. → get_weather(city="Oslo")',
         'What is the weather in Rome? → get_weather(city="Rome")'),
    ),
    TableEntry(
        "recall", "a question about anything that was told, stands in a block or was returned",
        "that sentence in the second person, yes or no, or just the word if only that is asked",
        _recall,
        ("My sister Ruth is a pilot. / Is Ruth a pilot? → Yes, your sister Ruth is a pilot.",
         "My boss is Phil. / No, it's Felix. / Who is my boss? → Your boss is Felix."),
    ),
    TableEntry(
        "ability", "`Can you ...?`", "says that it cannot", _able,
        (f"Can you draw a cat? → I can't draw a cat: I am {MOCK}.",
         f"Could you sing for me? → I can't sing for you: I am {MOCK}."),
    ),
    TableEntry(
        "unknown", "any other question", "admits that it was not told, and names the closest thing",
        _unknown,
        ("Where do I live? → I don't know where you live. You haven't told me.",
         "I am Al. / How old am I? → I don't know how old you are. You haven't told me."),
    ),
    TableEntry(
        "statement", "a statement", "what it understood, told back",
        lambda heard: acknowledged(heard.text, heard.call),
        ("My name is Ada and I love pizza. → Got it: your name is Ada and you love pizza.",
         "I meet Bo at 6 am. → Got it: you meet Bo at 6 am."),
    ),
    TableEntry(
        "order", "any other order", "says that it cannot, and what",
        lambda heard: cannot(heard.text, heard.call.turn),
        (f"Write a haiku about rain. → I can't write a haiku about rain: I am {MOCK}.",
         f"Translate 'hello' into Dutch. → I can't translate 'hello' into Dutch: I am {MOCK}."),
    ),
    TableEntry(
        "rest", "anything else", "says that it does not understand it",
        lambda heard: puzzled(heard.text, heard.call.turn),
        ('asdf → I can\'t make anything of "asdf". Tell me a fact, or ask me about one.',
         'Purple. → I can\'t make anything of "Purple.". Tell me a fact, or ask me about one.'),
    ),
)  # fmt: skip
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
        ordered = instructions(call.system)
        message = newest_message(call.messages)
        heard = said(message).strip()
        if ordered.fixed is None:
            decision = self._decided(call, message, heard)
        else:
            decision = Decision(rule="brain: prompt")
        if decision.tool_calls:
            return decision
        if call.due and call.due[0] != SEND and not _has_just_failed(call.due[0], call):
            tool, arguments = due_order(call, heard)
            return Decision(tool_calls=(tool_call(tool.name, arguments),), rule="brain: tool rule")
        text = ordered.apply(decision.text)
        asked = without_json_order(heard)
        if call.response_format:
            text = structured(text, heard, call.response_format, Sources(call))
        elif asked and decision.rule != "brain: echo":
            text = as_json(text, asked, Sources(call))
        if SEND in call.due and text:
            return replace(decision, text="", tool_calls=(tool_call(SEND, {"message": text}),))
        return _with_text(decision, text)

    def _decided(self, call: ModelCall, message: ChatMessage, text: str) -> Decision:
        if len(call.messages) and call.messages[-1].role == "tool":
            return self._continued(Heard(text, call)) or _reported(call)
        opening = greeting(text)
        rest = text[len(opening) :].strip()
        if opening and (not rest or _is_address(rest)):
            who = instructions(call.system).who or call.agent_name
            name = f" I am {who}." if who else ""
            decision = Decision(text=f"Hello!{name} How can I help?", rule="brain: greeting")
        elif text:
            decision = self._tried(Heard(without_json_order(rest) or rest, call))
        else:
            empty = "" if message.images else "I received an empty message. How can I help?"
            decision = Decision(text=empty, rule="brain: empty")
        if decision.tool_calls:
            return decision
        hello = "Hello!" if opening and decision.rule not in EXACT else ""
        several = "s" if message.images > 1 else ""
        seen = f"I received {message.images} image{several}, which I cannot see."
        told = [seen if message.images else "", hello, decision.text]
        return _with_text(decision, " ".join(filter(None, told)))

    def _continued(self, heard: Heard) -> Decision | None:
        """Return the next call of an order of several; an agent may make only one in a step."""
        returned = [one for one in _since(heard.call) if one.role == "tool"]
        if any(outcome(one.text)[0] == "Failed" for one in returned):
            return None
        for entry in self._table:
            found = entry.reply(heard) if entry.name in ("tool-order", "tool") else None
            if isinstance(found, Decision):
                return replace(found, rule=f"brain: {entry.name}")
        return None

    def _tried(self, heard: Heard) -> Decision:
        for entry in self._table:
            found = entry.reply(heard)
            if found is not None:
                rule = f"brain: {entry.name}"
                if isinstance(found, Decision):
                    return replace(found, rule=rule)
                return Decision(found, rule=rule)
        return Decision(text="OK.", rule="brain: nothing")


EXACT = frozenset({"brain: echo", "brain: greeting"})


def _with_text(decision: Decision, text: str) -> Decision:
    return decision if text == decision.text else replace(decision, text=text)


def _is_address(rest: str) -> bool:
    """Tell whether what follows a greeting is only a name."""
    return rest.strip(" .!?,").isalpha() and small_talk(rest) is None


def _reported(call: ModelCall) -> Decision:
    """Say what the tools of this turn returned; nothing after a message by tool."""
    text = said(newest_message(call.messages))
    told: list[str] = []
    for message in _since(call) or just_returned(call.messages):
        if message.role != "tool":
            continue
        made = made_for(message, call.messages)
        status, returned = outcome(message.text)
        if made is None or made.name != SEND or status != "OK":
            told.append(_report(made, status, returned, text))
    return Decision(text=" ".join(dict.fromkeys(told)), rule="brain: report")


def _report(made: ToolCall | None, status: str, returned: str, text: str) -> str:
    if made is not None and made.name in MEMORY_TOOLS:
        return report_update(made, status, returned, text)
    name = f"The tool {made.name}" if made else "The tool"
    return f"{name} {'failed' if status == 'Failed' else 'returned'}: {returned[:500]}"


def _has_just_failed(name: str, call: ModelCall) -> bool:
    last = call.messages[-1] if len(call.messages) else None
    made = made_for(last, call.messages) if last and last.role == "tool" else None
    return bool(last and made and made.name == name and outcome(last.text)[0] == "Failed")
