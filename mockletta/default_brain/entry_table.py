"""The table of what the default brain understands, in the order in which it is tried."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall
from mockletta.brain.history import newest
from mockletta.default_brain import answers, small_talk
from mockletta.default_brain.calculations import calculate, clock, count
from mockletta.default_brain.clause_meaning import CALL_ME
from mockletta.default_brain.facts import as_told, asks_for_return
from mockletta.default_brain.implied_tools import implied_orders
from mockletta.default_brain.instructions import Instructions, echo, instructions
from mockletta.default_brain.knowledge import TOLD, Sources, changes_facts, told_in
from mockletta.default_brain.memory_updates import memory_act, tool_call
from mockletta.default_brain.named_tools import NotCallable, Order, forbids_tools, tool_orders
from mockletta.default_brain.recaps import recalled_words, tells_everything
from mockletta.default_brain.sentences import (
    as_clause,
    clauses,
    is_factual,
    kind,
    plain,
    sentences,
    without_aside,
)
from mockletta.default_brain.structured_replies import worded_answer
from mockletta.default_brain.words import expand, to_second_person

LONGEST_ECHO = 200
RECENT = 40


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
        named = answers.answer("What is your name?", self.sources)
        if named[1]:
            return named[0]
        name = f"{self.call.agent_name}, " if self.call.agent_name else ""
        return f"I am {name}{small_talk.MOCK}."


Answerer = Callable[[Heard], Decision | str | None]


@dataclass(frozen=True, slots=True)
class Example:
    """What is said, one message after the other, and the reply to the last."""

    said: tuple[str, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One thing the default brain understands: what it takes, what it answers, and how."""

    name: str
    takes: str
    answers: str
    examples: tuple[Example, Example]
    reply: Answerer


def _example(*words: str) -> Example:
    return Example(words[:-1], words[-1])


def _named_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: tool_orders(heard.text, heard.call))


def _implied_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: _unanswered(heard))


def _ordered(heard: Heard, find: Callable[[], list[Order]]) -> Decision | str | None:
    """Call the tools that are found; only a turn's first step does, later ones report."""
    if heard.call.step > 1 or forbids_tools(heard.text):
        return None
    try:
        orders = find()
    except NotCallable as refused:
        return str(refused)
    made = tuple(tool_call(tool.name, arguments) for tool, arguments in orders)
    return Decision(tool_calls=made) if made else None


def _unanswered(heard: Heard) -> list[Order]:
    orders, sentence = implied_orders(heard.text, heard.call)
    asks = bool(orders) and kind(sentence) == "question"
    return [] if asks and answers.was_told(sentence, heard.sources) else orders


def _recap(heard: Heard) -> str | None:
    if tells_everything(heard.text):
        return answers.everything(heard.sources)
    return recalled_words(heard.text, heard.call.messages, heard.sources)


def _recall(heard: Heard) -> str | None:
    if not heard.asks:
        return None
    reply, known = worded_answer(heard.text, heard.sources)
    return reply if known else None


def _unknown(heard: Heard) -> str | None:
    if not heard.asks:
        return None
    reply, _ = worded_answer(heard.text, heard.sources)
    return small_talk.no_opinion(heard.text) or reply or "I don't know. You haven't told me."


def _talk(heard: Heard) -> str | None:
    found = small_talk.small_talk(heard.text)
    return heard.self if found == small_talk.SELF else found


def _able(heard: Heard) -> str | None:
    is_ability = small_talk.ABILITY.match(heard.text) and not asks_for_return(heard.text)
    return small_talk.cannot(heard.text, heard.call.turn) if is_ability else None


def _noted(heard: Heard) -> str | None:
    """Acknowledge what a message tells: each of its clauses, or what it corrects or changes."""
    if any(map(changes_facts, sentences(heard.text))):
        facts = told_in(heard.text, _recent(heard.call))
        if facts:
            return f"Got it: {_listed([fact.text for fact in facts])}."
    told = [
        clause
        for sentence in sentences(heard.text)
        if kind(sentence) == "statement"
        for clause in clauses(as_told(TOLD.sub("", without_aside(plain(sentence))), "user"))
        if small_talk.small_talk(clause) is None
    ]
    tells = any(is_factual(clause) or CALL_ME.match(clause) for clause in told)
    return f"{small_talk.sympathy(told)}{_listed(told)}." if tells else None


def _recent(call: ModelCall) -> list[ChatMessage]:
    end = newest(call.messages) or 0
    return list(call.messages[max(0, end - RECENT) : end])


def _listed(told: Iterable[str]) -> str:
    meant = (CALL_ME.sub("I am called ", expand(clause)) for clause in told)
    clauses_ = [as_clause(to_second_person(clause)) for clause in meant]
    while len(clauses_) > 1 and sum(map(len, clauses_)) > LONGEST_ECHO:
        clauses_[-2:] = ["more"]
    text = " and ".join(filter(None, [", ".join(clauses_[:-1]), clauses_[-1]]))
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO].rsplit(' ', 1)[0]}…"


def _wordless(heard: Heard) -> str | None:
    if any(map(str.isalnum, heard.text)):
        return None
    return f'There are no words in "{heard.text[:20]}". How can I help?'


def _code(heard: Heard) -> str | None:
    if not small_talk.is_code(heard.text):
        return None
    return (
        "That looks like code, which I can neither run nor explain. I am " + small_talk.MOCK + "."
    )


TABLE: tuple[TableEntry, ...] = (
    TableEntry(
        "memory", "an order to remember, change or forget something",
        "calls a memory tool that changes one block, or says why it does not",
        (_example("Remember that I like tea.",
                  'memory_insert(label="human", new_string="I like tea.")'),
         _example("Forget my shoe size.",
                  "There is nothing about your shoe size in a memory block that I may change.")),
        lambda heard: memory_act(heard.text, heard.call),
    ),
    TableEntry(
        "tool-order", "an order to call a tool by its name, once or several times",
        "calls it with the arguments that are written or found in the words; asks for what lacks",
        (_example('Call get_weather with {"city": "Rome"}', 'get_weather(city="Rome")'),
         _example("Use the get_weather tool.", "To call get_weather I need: city.")),
        _named_tool,
    ),
    TableEntry(
        "echo", "an order to say something word for word", "says exactly that",
        (_example("Say 'pineapple'", "pineapple"),
         _example("Reply with just the word OK.", "OK")),
        lambda heard: echo(heard.text),
    ),
    TableEntry(
        "count", "an order to count, or a sum in digits or words", "the numbers, or the result",
        (_example("Count from 3 to 6.", "3, 4, 5, 6"),
         _example("What is 17 plus 25?", "That is 42.")),
        lambda heard: count(heard.text) or calculate(heard.text),
    ),
    TableEntry(
        "prompt", "what the system prompt lays down a reply for: `If asked for X, say Y`",
        "that reply",
        (_example("What is the magic word?", "xyzzy"),
         _example("Tell me the magic word!", "xyzzy")),
        lambda heard: heard.instructions.demanded(heard.text),
    ),
    TableEntry(
        "inventory", "a question for the agent's tools, skills, memory blocks, or what a tool does",
        "lists them",
        (_example("Which tools do you have?",
                  "My tools: memory_insert, memory_replace, get_weather."),
         _example("What is in your persona block?", "persona: I am Sam.")),
        lambda heard: small_talk.inventory(heard.text, heard.call),
    ),
    TableEntry(
        "clock", "a question for the day, the date, the time, the year, or the days until then",
        "tells it by the world's clock",
        (_example("What day is it today?", "It is Thursday, 1 January 2026."),
         _example("What time is it?", "It is 09:30 UTC.")),
        lambda heard: clock(heard.text, heard.call.now),
    ),
    TableEntry(
        "recap", "a question for all that was said, or for the first or last message",
        "tells the current state, each thing once, or quotes the message",
        (_example("I live in Bonn.", "I moved to Kiel.", "What do you know about me?",
                  "Here is what I know: you moved to Kiel; Test user."),
         _example("I am Al.", "What did I just say?", 'You said: "I am Al."')),
        _recap,
    ),
    TableEntry(
        "small-talk", "thanks, farewells, questions about the agent", "a set phrase",
        (_example("Thanks a lot!", "You're welcome!"), _example("bye", "Goodbye!")),
        _talk,
    ),
    TableEntry(
        "wordless", "a message without any word", "says so",
        (_example("🎉", 'There are no words in "🎉". How can I help?'),
         _example("...", 'There are no words in "...". How can I help?')),
        _wordless,
    ),
    TableEntry(
        "code", "a piece of a program", "says that it cannot run or explain it",
        (_example("def f(x):\n    return x;",
                  "That looks like code, which I can neither run nor explain. I am a mock agent "
                  "without a language model."),
         _example("SELECT name FROM users;",
                  "That looks like code, which I can neither run nor explain. I am a mock agent "
                  "without a language model.")),
        _code,
    ),
    TableEntry(
        "language", "a message in another language", "says that it understands English only",
        (_example("Wie geht es dir?", "Sorry, I understand English only, not German."),
         _example("今日はいい天気ですね", "Sorry, I understand English only.")),
        lambda heard: small_talk.foreign(heard.text, heard.call.turn),
    ),
    TableEntry(
        "tool", "a sentence whose words one tool's name and description share",
        "calls that tool, unless the answer was told before",
        (_example("Get the weather for Oslo.", 'get_weather(city="Oslo")'),
         _example("What is the weather in Rome?", 'get_weather(city="Rome")')),
        _implied_tool,
    ),
    TableEntry(
        "recall", "a question that something answers which the user told, which stands in a memory "
        "block, an open file or the system prompt, which a tool returned, or which the client "
        "added",
        "that sentence, turned to the second person; yes or no; just the word, if only that is "
        "asked",
        (_example("My sister Ruth is a pilot.", "Is Ruth a pilot?",
                  "Yes, your sister Ruth is a pilot."),
         _example("My manager's name is Philip.", "No, it's Felipe.",
                  "What is my manager's name?", "Your manager's name is Felipe.")),
        _recall,
    ),
    TableEntry(
        "ability", "`Can you ...?`", "says that it cannot",
        (_example("Can you draw a cat?",
                  "I can't draw a cat: I am a mock agent without a language model."),
         _example("Could you sing for me?",
                  "I can't sing for you: I am a mock agent without a language model.")),
        _able,
    ),
    TableEntry(
        "unknown", "any other question", "admits that it was not told, and names the closest thing",
        (_example("Where do I live?", "I don't know where you live. You haven't told me."),
         _example("My cat is called Bo.", "What is my dog called?",
                  'I don\'t know the answer to "what is my dog called". You haven\'t told me.')),
        _unknown,
    ),
    TableEntry(
        "statement", "a statement", "what it understood, told back",
        (_example("My name is Ada and I love pizza.",
                  "Got it: your name is Ada and you love pizza."),
         _example("I meet Bo at 6 am.", "Got it: you meet Bo at 6 am.")),
        _noted,
    ),
    TableEntry(
        "order", "any other order", "says that it cannot, and what",
        (_example("Write a haiku about rain.",
                  "I can't write a haiku about rain: I am a mock agent without a language model."),
         _example("Translate 'hello' into Dutch.",
                  "I can't translate 'hello' into Dutch: I am a mock agent without a language "
                  "model.")),
        lambda heard: small_talk.cannot(heard.text, heard.call.turn),
    ),
    TableEntry(
        "rest", "anything else", "says that it does not understand it",
        (_example("asdf", 'I can\'t make anything of "asdf". Tell me a fact, or ask me about one.'),
         _example("Purple.",
                  'I can\'t make anything of "Purple.". Tell me a fact, or ask me about one.')),
        lambda heard: small_talk.puzzled(heard.text, heard.call.turn),
    ),
)  # fmt: skip
