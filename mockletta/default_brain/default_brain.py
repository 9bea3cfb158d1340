"""The default brain: answers by fixed rules, without a language model."""

from mockletta.brain.decisions import ChatMessage, Decision, ModelCall
from mockletta.brain.history import just_returned, newest_message, said
from mockletta.default_brain import persons
from mockletta.default_brain.answers import Sources, answer, everything, nearest, was_told
from mockletta.default_brain.counting import count
from mockletta.default_brain.due_tools import due_call
from mockletta.default_brain.echoes import echo
from mockletta.default_brain.instructions import orders
from mockletta.default_brain.inventory import inventory
from mockletta.default_brain.memory_updates import calling, memory_update, report
from mockletta.default_brain.recollections import asks_for_everything, last_said
from mockletta.default_brain.sentences import kind, sentences
from mockletta.default_brain.small_talk import MOCK, greeting, hello, small_talk
from mockletta.default_brain.statements import is_factual, statements
from mockletta.default_brain.summaries import summary
from mockletta.default_brain.tool_orders import NotCallable, tool_order
from mockletta.default_brain.tool_questions import answerer
from mockletta.default_brain.words import expand

LONGEST_ECHO = 200
UNKNOWN = "I don't know. You haven't told me."


class DefaultBrain:
    """Decides by fixed rules: the same call, the same decision, on every machine.

    It knows only what the user said in this conversation, the memory blocks and the system
    prompt, and says so where they hold no answer. It calls a tool to update memory, when it is
    told to, and for a question that one clearly answers; without `tool_calls` only the first. What
    rules demand it calls in any case.
    """

    def __init__(self, *, tool_calls: bool = True) -> None:
        self._tool_calls = tool_calls

    def decide(self, call: ModelCall) -> Decision:
        """Answer one model call; only a question reads the whole history."""
        if call.purpose == "summary":
            return Decision(text=summary(call.messages))
        ordered = orders(call.system)
        decision = None
        if ordered.fixed is None:
            decision = decided(call, tool_calls=self._tool_calls)
            if decision.tool_calls:
                return decision
        if due := due_call(call):
            return due
        said = "" if decision is None else decision.text
        text = ordered.apply(said)
        return decision if decision is not None and text == said else Decision(text=text)


def decided(call: ModelCall, *, tool_calls: bool = True) -> Decision:
    last = call.messages[-1] if len(call.messages) else ChatMessage("user", "")
    if last.role == "tool":
        told = [report(message, call) for message in just_returned(call.messages)]
        return Decision(text=" ".join(dict.fromkeys(told)))
    message = newest_message(call.messages)
    text = said(message).strip()
    if update := memory_update(text, call):
        return update
    if tool_calls and (act := acted(text, call)):
        return act
    reply = reply_to(text, call)
    if not message.images:
        return Decision(text=reply)
    return Decision(text=" ".join([seen(message.images), *([reply] if text else [])]))


def acted(text: str, call: ModelCall) -> Decision | None:
    """Call a tool that a message orders or asks for; None for any other message.

    Only a turn's first step does. Later ones report, also where compaction has hidden the return.
    """
    if call.step > 1:
        return None
    try:
        if order := tool_order(text, call):
            tool, arguments = order
            return calling(tool.name, arguments, call)
    except NotCallable as refused:
        return Decision(text=str(refused))
    if echo(text) is not None or count(text):
        return None  # it is answered so: there is no need to look through the tools
    found = answerer(text, call)
    if found is None or is_answered(text, found.question, call):
        return None
    return calling(found.tool.name, found.arguments, call)


def is_answered(text: str, question: str, call: ModelCall) -> bool:
    """Whether a message has an answer without a tool: by another rule, or since it was told."""
    if inventory(text, call) is not None:
        return True
    if asks_for_everything(text) or last_said(text, call.messages) is not None:
        return True
    return small_talk(question, "") is not None or was_told(question, Sources(call))


def seen(images: int) -> str:
    return f"I received {images} image{'s' if images > 1 else ''}, which I cannot see."


def reply_to(text: str, call: ModelCall) -> str:
    if not text:
        return "I received an empty message. How can I help?"
    literal = echo(text)
    if literal is not None:
        return literal
    if numbers := count(text):
        return numbers
    opening = greeting(text)
    rest = text[len(opening) :].strip()
    if opening and (not rest or is_address(rest)):
        return hello(call.agent_name)
    return " ".join(["Hello!"] * bool(opening) + [considered(rest, call)])


def is_address(rest: str) -> bool:
    """Tell whether what follows a greeting is only a name."""
    return rest.strip(" .!?,").isalpha() and small_talk(rest, "") is None


def considered(text: str, call: ModelCall) -> str:
    """Return the reply to a message that is more than a greeting or an order to say something."""
    found = inventory(text, call)
    if found is not None:
        return found
    if any(kind(sentence) == "question" for sentence in sentences(text)):
        return answered(text, call)
    return small_talk(text, call.agent_name) or acknowledged(text)


def answered(text: str, call: ModelCall) -> str:
    sources = Sources(call)
    if asks_for_everything(text):
        return everything(sources)
    quoted = last_said(text, call.messages)
    if quoted is not None:
        return quoted
    reply = answer(text, sources)
    chat = small_talk(text, call.agent_name)
    if not reply or (chat and "I don't know" in reply):
        return chat or reply or UNKNOWN
    close = nearest(text, sources) if "I don't know" in reply else ""
    return f"{reply} {close}".strip()


def acknowledged(text: str) -> str:
    told = [(clause, remembered) for clause, remembered in statements(text) if clause]
    if any(remembered or is_factual(clause) for clause, remembered in told):
        start = "Got it, I'll remember" if told[0][1] else "Got it"
        return f"{start}: {retold([clause for clause, _ in told])}."
    received = " ".join(text[: LONGEST_ECHO + 1].split())
    shown = received if len(received) <= LONGEST_ECHO else f"{received[:LONGEST_ECHO]}…"
    return f'I received your message: "{shown}" I am {MOCK}: tell me something and ask me about it.'


def retold(clauses: list[str]) -> str:
    told = [persons.as_clause(persons.to_second_person(expand(clause))) for clause in clauses]
    text = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
