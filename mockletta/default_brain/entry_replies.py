"""Entry replies: a message that the default brain heard, and what entries of its table answer.

A wrong reply is worse than a clumsy one. What is not understood is said in short, varied words that
repeat a part of what the user said only if the sentence stays grammatical and short.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from mockletta.brain.decisions import Decision, ModelCall
from mockletta.brain.tool_parameters import own_tools
from mockletta.default_brain.acknowledgements_and_recaps import acknowledged, inventory
from mockletta.default_brain.exact_replies import clock, conditional, echo, reckoned
from mockletta.default_brain.memory.answers import asked_of_another, worded_answer
from mockletta.default_brain.memory.block_items import units
from mockletta.default_brain.memory.denials import unanswered
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.memory_calls import ABOUT, concerned, retold, tool_call
from mockletta.default_brain.memory.memory_changes import memory_act
from mockletta.default_brain.reply_forms import points_back, read_form
from mockletta.default_brain.structured_replies import without_json_order
from mockletta.default_brain.system_prompts import Instructions, agreement, standing_orders
from mockletta.default_brain.tool_calling.follow_up_orders import begins_act
from mockletta.default_brain.tool_calling.tool_orders import NotCallable, Order, forbids_tools
from mockletta.default_brain.tool_calling.tool_reports import since, tool_question
from mockletta.default_brain.tool_calling.tool_wishes import (
    is_exact_order,
    named_orders,
    wished_orders,
)
from mockletta.language.facts import MEMORY_TOOLS
from mockletta.language.memory_orders import corrects, is_taken
from mockletta.language.questions import as_question
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import as_clause, is_factual, kind, plain, sentences
from mockletta.language.small_talk import (
    ABILITIES,
    COMPANY,
    GLAD_TO_HEAR,
    MOCK,
    NO_PROBLEM,
    SELF,
    SORRY_TO_HEAR,
    greeting,
    mood,
    small_talk,
)
from mockletta.language.words import (
    SHORT,
    SILENT,
    expand,
    is_name,
    lexicon,
    lower_words,
    patterns,
    remembered,
    rows,
    tokens,
    word_set,
)

MEMORY = patterns("memory")
PROMPT = patterns("prompt")
TALK = patterns("talk")
NAMELESS = frozenset({"name", "you"})
MOST_SENTENCES = 8
MOST_NAMED = 8
LONGEST_WORD = 40
WORDING = lexicon("authoring") | {"tell", "give", "sing", "use"}
NOT_SAID = f"I can't tell: I am {MOCK}."
LONGEST_READ, LONGEST_SHOWN = 2000, 100
FOREIGN = {name: word_set(line) for name, line in rows("language").items()}
ENGLISH = SILENT | word_set("like live work love name")
FOREIGN_REPLIES = (
    "Sorry, I understand English only{}.",
    "I can't follow you{}: I only understand English.",
    "That{} is beyond my English. Could you rephrase it?",
)
STILL_CANNOT = (
    f"No, I can't do that either: I am {MOCK}.",
    "That is beyond me too: I only follow fixed rules.",
    "I'm afraid not: without a language model I can do nothing of that kind.",
)
REFUSED = ("I can't ", "I'm not able to ", "To ", *STILL_CANNOT)
NO_OPINION = (
    f"I have no opinion on that: I am {MOCK}.",
    "I can't judge that, as I have no language model.",
    "Tastes and advice are beyond me: I only follow fixed rules.",
)
CODE_REPLY = f"That looks like code, which I can neither run nor explain. I am {MOCK}."
CANNOT = (
    "I can't {}: I am a mock agent without a language model.",
    "I'm not able to {}, as I have no language model.",
    "To {} is beyond me: I only follow fixed rules.",
)
PUZZLED = (
    'I can\'t make anything of "{}". Tell me a fact, or ask me about one.',
    'I don\'t understand "{}": I only follow fixed rules.',
    'I can\'t do much with "{}": I remember facts and call tools.',
)
NOT_UNDERSTOOD = tuple(one.partition('"')[0] for one in PUZZLED)


@dataclass
class Heard:
    """A message to answer: the user's own words, what is ordered for every reply, what is known."""

    text: str
    call: ModelCall
    instructions: Instructions
    sources: Sources

    def part(self, text: str) -> "Heard":
        """Return a part of the message, which is answered from the same sources."""
        return Heard(text, self.call, self.instructions, self.sources)

    @cached_property
    def asks(self) -> bool:
        return any(kind(sentence) == "question" for sentence in sentences(self.text))

    @property
    def question(self) -> str:
        """The message with the list that `on it` means."""
        labels = [one.label for one in self.call.blocks if one.label not in ABOUT]
        label = concerned(self.call.messages, labels) if MEMORY.there.search(self.text) else ""
        return MEMORY.there.sub(rf"\1 the {label} list", self.text) if label else self.text

    @property
    def made(self) -> list[str]:
        """The names of the tools that this turn has called."""
        return [one.name for message in since(self.call) for one in message.tool_calls]


class Parts(NamedTuple):
    """A message in parts: a greeting, an order for the form of the reply, and the rest.

    `agreement` is the reply to a rest that only orders something for all replies; `is_greeting`
    means that there is only a greeting, with or without a name.
    """

    greeting: str
    form: str
    rest: str
    agreement: str | None
    is_greeting: bool


@remembered
def read_parts(text: str) -> Parts:
    """Split a message into its parts."""
    rest, form = read_form(without_json_order(text) or text)
    if points_back(rest) or standing_orders(text):
        rest, form = text, ""
    opening = greeting(rest)
    rest = rest[len(opening) :].strip()
    name = rest.strip(" .!?,")
    is_name = not name or (name.isalpha() and small_talk(rest) is None)
    return Parts(opening, form, rest, agreement(rest), bool(opening) and is_name)


def memory_order(heard: Heard) -> Decision | None:
    """Change memory, unless the order is exactly what a tool of the agent does."""
    done = memory_act(heard.text, heard.call, lambda: heard.sources.told)
    taken = done and is_exact_order(heard.text, heard.call, lambda: heard.sources)
    return None if taken else done


def named_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: named_orders(heard.text, heard.call, lambda: heard.sources))


def implied_tool(heard: Heard) -> Decision | str | None:
    return _ordered(heard, lambda: wished_orders(heard.text, heard.call, lambda: heard.sources))


def _ordered(heard: Heard, find: Callable[[], list[Order]]) -> Decision | str | None:
    """Call the tools that are found, without those that this turn has called already."""
    try:
        orders = find()
    except NotCallable as refused:
        return None if forbids_tools(heard.text) else str(refused)
    if not orders or forbids_tools(heard.text):
        return None
    made = [one for one in heard.made if one not in MEMORY_TOOLS]
    others = made != [tool.name for tool, _ in orders[: len(made)]]
    if others or (heard.call.step > 1 and not heard.made):
        return None
    left = tuple(tool_call(tool.name, arguments) for tool, arguments in orders[len(made) :])
    return Decision(tool_calls=left) if left else None


def echoed(heard: Heard) -> Decision | str | None:
    """Say what is to be said, unless a tool does exactly that: `Print notes.txt`."""
    done = _on_condition(heard) or echo(heard.text)
    acts = done and begins_act(heard.text, heard.call)
    taken = acts and is_exact_order(heard.text, heard.call, lambda: heard.sources)
    return implied_tool(heard) if taken else done


def _on_condition(heard: Heard) -> str | None:
    """Say what is to be said if something is so, or what is to be said otherwise."""
    order = conditional(heard.text)
    case, said, other = order or ("", "", "")
    if order is None or PROMPT.able.match(case):
        return said or None
    reply, known = worded_answer(as_question(case), heard.sources)
    denied = reply.startswith(("No, ", "Not as far"))
    if known and not denied:
        return reply if said in {"it", "that"} else said
    if other and (denied or PROMPT.of_known.match(case)):
        return other
    return reply if denied else f"I don't know whether {to_second_person(case)}."


def reckoning(heard: Heard) -> Decision | str | None:
    """Reckon, unless the order is to do what a tool of the agent does."""
    done = reckoned(heard.text, heard.call.messages)
    made = implied_tool(heard) if done and own_tools(heard.call.schemas) else None
    return made if isinstance(made, Decision) else done


def time_or_date(heard: Heard) -> str | None:
    return clock(heard.text, heard.call.now, heard.call.messages)


def possessions(heard: Heard) -> str | None:
    return tool_question(heard.text, heard.call) or inventory(heard.question, heard.call)


def small(heard: Heard) -> str | None:
    """Return the reply to small talk, or who the agent is."""
    found, who = small_talk(heard.text), heard.instructions.who
    if found == ABILITIES:
        tools = ", ".join(one.name for one in own_tools(heard.call.schemas))
        found = found if tools else found.replace(" call tools,", "")
        told = [found, f"I am {who}." if who else "", f"My tools: {tools}." if tools else ""]
        return " ".join(filter(None, told))
    if found == COMPANY:
        return f"I am {who}." if TALK.employer.search(who) else None
    return _who(heard) if found == SELF else found


def _who(heard: Heard) -> str:
    """Tell who the agent is, or what it is like."""
    who = heard.instructions.who
    if NAMELESS in heard.instructions.refused:
        return "I'd rather not give my name."
    persona = next((one.value for one in heard.call.blocks if one.label == "persona"), "")
    if persona and TALK.describe.search(heard.text):
        return retold(" ".join(units(persona)[:MOST_SENTENCES]), "persona")
    if who:
        return f"I am {who}."
    name, known = worded_answer("What is your name?", heard.sources)
    told = (MEMORY.identity.match(line) for line in units(persona))
    who = next((one["who"] for one in told if one and "assistant" not in one[0]), MOCK)
    named = not heard.call.agent_name or " called " in who or " named " in who
    return name if known else f"I am {'' if named else f'{heard.call.agent_name}, '}{who}."


def recalled(heard: Heard) -> str | None:
    reply, known = worded_answer(heard.question, heard.sources) if heard.asks else ("", False)
    return reply if known else None


def unknown(heard: Heard) -> str | None:
    if not heard.asks:
        return None
    who, of_agent = heard.instructions.who, TALK.of_the_agent.search(heard.text)
    if of_agent and any(is_name(one) and one in who for one in tokens(heard.text)[1:]):
        return f"I am {who}."
    opinion = no_opinion(heard)
    meant = heard.part(asked_of_another(heard.text, heard.sources))
    if reply := opinion or small(meant) or worded_answer(heard.text, heard.sources)[0]:
        return reply
    return NOT_SAID if of_agent else unanswered(heard.sources, is_told=True).replace(" {}", "")


def ability(heard: Heard) -> str | None:
    if again := cannot_either(heard):
        return again
    text = expand(heard.text)
    is_done = corrects(heard.text) and acknowledged(heard.text, heard.call)
    return unable(heard.part(text)) if TALK.ability.match(text) and not is_done else None


def unable(heard: Heard) -> str | None:
    """Say that an order cannot be carried out, and what tools there are."""
    told = cannot(heard)
    names = [one.name for one in own_tools(heard.call.schemas)]
    first = next(iter(lower_words(plain(heard.text)[:LONGEST_WORD])), "")
    named = told and told.startswith(REFUSED) and 0 < len(names) <= MOST_NAMED
    named = named and first not in WORDING
    return f"{told} My tools: {', '.join(names)}." if named else told


def statement(heard: Heard) -> str | None:
    """Take up what was told, and say if an order beside it cannot be carried out."""
    if TALK.excuse.match(expand(heard.text)):
        return NO_PROBLEM
    told = acknowledged(heard.text, heard.call)
    if told is None and cannot(heard) is None:
        said = (small_talk(one) for one in islice(sentences(heard.text), MOST_SENTENCES))
        return next(filter(None, said), NO_PROBLEM if TALK.apology.match(heard.text) else None)
    others = (one for one in sentences(heard.text) if told and not is_taken(one, told))
    refused = unable(heard.part("\n".join(others))) if told else None
    return f"{told} {refused}" if refused else told


def wordless(heard: Heard) -> str | None:
    shown = f'There are no words in "{heard.text[:20]}". How can I help?'
    return None if any(map(str.isalnum, heard.text)) else shown


def no_opinion(heard: Heard) -> str | None:
    """Return the reply to a question for an opinion or a translation; None for any other."""
    text = heard.text[:LONGEST_READ]
    if any(TALK.opinion.match(expand(plain(one))) for one in sentences(text)):
        return one_of(NO_OPINION, heard)
    asked = TALK.translate.match(expand(plain(text)).strip(" ?!."))
    return f"I can't say {asked['what']}: I am {MOCK}." if asked else None


def foreign(heard: Heard) -> str | None:
    """Return the reply to a message in another language; None for one in English."""
    name = _language(heard.text[:SHORT])
    if name is None:
        return None
    named = f", not {name}" if name and heard.call.turn % 3 == 1 else ""
    return one_of(FOREIGN_REPLIES, heard).format(named)


@remembered
def _language(text: str) -> str | None:
    """Return the language that a text is in, "" for one without a name here, None for English."""
    letters = [mark for mark in text if mark.isalpha()]
    if letters and sum(mark > "\u024f" for mark in letters) > len(letters) / 2:
        return ""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)]
    hits = {name: sum(word in known for word in words) for name, known in FOREIGN.items()}
    name = max(hits, key=lambda one: hits[one])
    if hits[name] < 2 or 3 * hits[name] < len(words):
        return None
    return name if hits[name] > sum(word in ENGLISH for word in words) else None


def code(heard: Heard) -> str | None:
    """Return the reply to a piece of a program; None for any other message."""
    text = heard.text[:LONGEST_READ]
    lines = [line for line in text.splitlines() if line.strip()]
    found = sum(bool(TALK.code.match(line)) for line in lines)
    return CODE_REPLY if "```" in text or (lines and 2 * found >= len(lines)) else None


def cannot(heard: Heard) -> str | None:
    """Name what a message orders, as something that cannot be done; None if it orders nothing."""
    for sentence in islice(sentences(heard.text[:LONGEST_READ]), MOST_SENTENCES):
        able = TALK.ability.match(sentence)
        if able or kind(sentence) == "command":
            if refrain := TALK.refrain.match(expand(plain(sentence))):
                return f"All right, I won't {_as_order(refrain['what'])}."
            order = _as_order(plain(sentence[able.end() :] if able else sentence).split(": ")[0])
            shown = order if 0 < len(order) <= LONGEST_SHOWN else "do that"
            return one_of(CANNOT, heard).format(shown)
    return None


def cannot_either(heard: Heard) -> str | None:
    """Return the reply to `and in Rust?` after a refusal; None for any other message."""
    text, messages = heard.text, heard.call.messages
    if len(text) > LONGEST_SHOWN or not TALK.either.match(expand(text)):
        return None
    if kind(text) == "statement" and is_factual(plain(text)):
        return None
    last = messages[-2].text if len(messages) > 1 else ""
    refused = last.startswith(REFUSED) and not last.startswith(NOT_UNDERSTOOD)
    return one_of(STILL_CANNOT, heard) if refused else None


def _as_order(text: str) -> str:
    """Return an order as it stands behind `I can't`."""
    told = to_second_person(TALK.please.sub("", expand(text))).strip(" .!?,")
    return as_clause(told[:1].lower() + told[1:])


def puzzled(heard: Heard) -> str:
    """Say that a message is not understood, and which, or what suits the mood that it shows."""
    if felt := mood(heard.text[:SHORT]):
        return GLAD_TO_HEAR if felt > 0 else SORRY_TO_HEAR
    shown = " ".join(heard.text[:400].split())
    shortened = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    return one_of(PUZZLED, heard).format(shortened)


def one_of(forms: tuple[str, ...], heard: Heard) -> str:
    """Return one of several wordings, another in each turn."""
    return forms[(heard.call.turn - 1) % len(forms)]
