"""Small talk, what the agent says of itself, and honest words for what it cannot do."""

import re

from mockletta.brain.decisions import MemoryBlock, ModelCall, ToolSchema
from mockletta.brain.history import added_sections
from mockletta.default_brain.instructions import own_instructions
from mockletta.default_brain.sentences import as_clause, kind, plain, sentences
from mockletta.default_brain.tool_arguments import parameters_of
from mockletta.default_brain.words import (
    SHORT,
    SILENT,
    data_table,
    expand,
    remembered,
    rows,
    to_second_person,
    word_set,
)

MOCK = "a mock agent without a language model"
GREETING = re.compile(
    r"^\W*(?:hel+o+|hi+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|yo|hola|"
    r"bonjour|bonsoir|hallo|salut|ciao|g'day|what's up|sup|guten (?:tag|morgen|abend)|moin|servus|"
    r"buen[oa]s (?:d[ií]as|tardes|noches)|buongiorno|ol[aá]|hoi|hej|namaste)\b(?![-'])(?:[ "
    r",]+(?:there|again|all|everyone|everybody|friend|world|agent|letta|assistant|bot|mate|"
    r"team))*[^\w(\"'<]*",
    re.IGNORECASE,
)
SELF = "I am this agent."
"""Stands for what the agent is, which the system prompt or a memory block may say."""
FORMS = {
    reply.replace("{MOCK}", MOCK): re.compile(forms.replace("\n", "|"), re.IGNORECASE)
    for reply, forms in data_table("small_talk").items()
}
MOST_PIECES = 4
PIECES = re.compile(r"\s*[,.;!]+\s*|\s+and\s+")
LONGEST = 120


def greeting(text: str) -> str:
    """Return the greeting a message opens with, as it stands there; "" without one."""
    match = GREETING.match(text[:200])
    return match[0] if match else ""


@remembered
def small_talk(text: str) -> str | None:
    """Return the reply to a message that is nothing but small talk; None for any other."""
    core = expand(text[: LONGEST + 1]).strip(" \t\n.,!?;:~…¡¿")
    if len(core) > LONGEST:
        return None
    found = _talk(core)
    for split in (PIECES.split(core), core.split()) if found is None else ():
        pieces = [piece for piece in split if piece]
        if len(pieces) > MOST_PIECES:
            continue
        replies = [_talk(piece.strip(" ?")) for piece in pieces]
        if replies and None not in replies:
            found = min(filter(None, replies), key=list(FORMS).index)
    return found


def _talk(core: str) -> str | None:
    for form in (core, plain(core)):
        if found := next((reply for reply, one in FORMS.items() if one.fullmatch(form)), None):
            return found
    return None


OPINION = re.compile(
    r"^(?:what(?: do| would)? you (?:think|recommend|suggest|prefer)|what is your (?:opinion|view|"
    r"take|favou?rite)|(?:do|would) you (?:like|love|prefer|think|agree|enjoy|hate)|(?:which|what|"
    r"who) is (?:the )?(?:better|best|nicer|worse|worst|(?:\w+er|more \w+)(?=.* or ))|(?:should|"
    r"shall) (?:i|we)|is it (?:better|worth|a good idea))\b",
    re.IGNORECASE,
)  # fmt: skip
MOODS = {
    "I'm sorry to hear that ": word_set(
        """sad tired bored ill sick angry upset lonely stressed exhausted depressed anxious worried
        frustrated unhappy hurt scared sleepy nervous overwhelmed annoyed disappointed"""
    ),
    "I'm glad to hear that ": word_set(
        """happy great excited thrilled proud relieved glad delighted fantastic wonderful awesome"""
    ),
}


def no_opinion(text: str) -> str | None:
    """Return what is said to a question for an opinion; None for any other."""
    asks = any(OPINION.match(expand(plain(one))) for one in sentences(text[:MOST]))
    return f"I have no opinion on that: I am {MOCK}." if asks else None


def sympathy(told: list[str]) -> str:
    """Return how a statement is taken up, by the mood that the user tells of."""
    words = expand(" ".join(told)).lower().rstrip(".!").split()
    if len(told) == 1 and words[:2] in (["i", "am"], ["i", "feel"]):
        said = {*words[2:5]} - {"not"} if "not" not in words else frozenset()
        return next((lead for lead, mood in MOODS.items() if mood & said), "Got it: ")
    return "Got it: "


ASKS = re.compile(
    r"^(?:what|which|list|show|tell|name|describe|do you|are there|have you|give|print|read|is "
    r"there|how many|enumerate|display|recite)\b",
    re.IGNORECASE,
)
SKILLS = re.compile(r"\bskills?\b", re.IGNORECASE)
OFFERED = re.compile(r"\bskills (?:are|is) available|\bavailable skills\b", re.IGNORECASE)
SYSTEM = re.compile(r"\bsystem (?:prompt|message|instructions)\b", re.IGNORECASE)
LONGEST_SYSTEM = 300
TOOLS = re.compile(
    r"^(?:what|which|list|show|do you have|how many)(?: me| all| of| your| the| any)* (?:\w+ "
    r")?tools?\b(?! (?:did|do i|does|was|returned?|gave|has))|\b(?:your|available) tools?\b",
    re.IGNORECASE,
)
OF_THE_USER = re.compile(r"\b(?:my|i)\b(?! (?:use|have access|ask|call))", re.IGNORECASE)
BLOCKS = re.compile(r"\b(?:core )?memory blocks\b|\byour blocks\b", re.IGNORECASE)
WHOLE = re.compile(
    r"\bin(?:side)? your (?:core )?memory\b(?! about)|^(?:show|print|list|display|read)(?: me)? "
    r"your (?:core )?memory\b",
    re.IGNORECASE,
)
OF_TOOL = re.compile(
    r"\b(?:do(?:es)?|for|work|take|need|mean|about|use)\b|^(?:what is|describe|explain)",
    re.IGNORECASE,
)
LABEL = r"(?:\byour|\bthe|\bmy|\bthis)\s+[\"'`]?{}[\"'`]?(?:\s+(?:memory\s+)?block)?"
MOST = 2000


def inventory(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about what the agent has; None for any other message."""
    for sentence in [*sentences(text[:MOST])][:8]:
        core = expand(plain(sentence))
        if ASKS.match(core) and (found := _listed(core, call)) is not None:
            return found
        if kind(sentence) == "question" and (tool := _tool_asked_for(core, call)):
            return _described(tool)
    return None


def _listed(core: str, call: ModelCall) -> str | None:
    if SKILLS.search(core) and not OF_THE_USER.search(core):
        return _skills(call)
    if SYSTEM.search(core) and not OF_THE_USER.search(core):
        told = own_instructions(call.system).strip()
        return f'My system prompt begins: "{told[:LONGEST_SYSTEM]}"' if told else None
    if TOOLS.search(core) and not OF_THE_USER.search(core):
        return f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
    if blocks := [block for block in call.blocks if _asks_for(core, block)]:
        return "\n".join(map(_shown, blocks))
    if BLOCKS.search(core) or (WHOLE.search(core) and len(core.split()) < 9):
        return "\n".join(map(_shown, call.blocks)) or "I have no memory blocks."
    return None


def _skills(call: ModelCall) -> str:
    named = [f"{one.name}: {one.description}".removesuffix(": ") for one in call.skills]
    named = named or _skills_in_context(call)
    if not named:
        return "I have no skills: none were offered with this request."
    return "I have these skills:\n" + "\n".join(f"- {line}" for line in named)


def _skills_in_context(call: ModelCall) -> list[str]:
    """Return the skills that the client lists in the newest section which it added about them."""
    own = (one.text for one in reversed(call.messages) if one.role == "user")
    sections = (part for text in own for part in added_sections(text))
    listed = next((part for part in sections if OFFERED.search(part[:MOST])), "")
    return [line[2:].strip() for line in listed.splitlines() if line.startswith("- ")]


def _asks_for(core: str, block: MemoryBlock) -> bool:
    """Whether a block is asked for by its label: `your human block`, `in your persona`."""
    for name in {block.label, re.sub(r"[_-]+", " ", block.label)}:
        match = re.search(LABEL.format(re.escape(name)) + r"(?!\w)", core, re.IGNORECASE)
        if match and (match[0].lower().endswith("block") or _ends(core, match.end())):
            return True
    return False


def _ends(core: str, position: int) -> bool:
    """Whether a label is the last word and its content is meant: `what is in your persona?`."""
    return (
        not core[position:].strip(" ?.!")
        and re.search(r"\b(?:in|contents? of|inside)\b", core) is not None
    )


def _shown(block: MemoryBlock) -> str:
    return f"{block.label}: {block.value}" if block.value else f"{block.label} is empty."


def _tool_asked_for(core: str, call: ModelCall) -> ToolSchema | None:
    if not OF_TOOL.search(core) or OF_THE_USER.search(core):
        return None
    words = {word.lower() for word in re.findall(r"[\w-]+", core)}
    return next(
        (one for one in call.schemas if "_" in one.name and one.name.lower() in words), None
    )


def _described(tool: ToolSchema) -> str:
    takes = ", ".join(f"{one.name} ({one.kind})" for one in parameters_of(tool).values())
    does = " ".join(tool.description.split("\n\n")[0].split())[:300]
    return f"{tool.name}: {does} It takes {takes or 'no arguments'}."


FOREIGN = {name: word_set(line) for name, line in rows("language").items()}
ENGLISH = SILENT | word_set("like live work love name")
FOREIGN_REPLIES = (
    "Sorry, I understand English only{}.",
    "I can't follow you{}: I only understand English.",
    "That{} is beyond my English. Could you rephrase it?",
)
CODE = re.compile(
    r"^\s*(?:def \w+\(|class \w+|function\b.*\(|(?:const|let|var) \w+ =|import \w|from \w+ import|"
    r"#include|public |SELECT\b.+\bFROM\b|INSERT INTO|<\?|[{}]\s*$|.*[;{]\s*$|\w+\(.*\)\s*$|```)",
    re.MULTILINE,
)
CANNOT = (
    "I can't {}: I am a mock agent without a language model.",
    "I'm not able to {}, as I have no language model.",
    "To {} is beyond me: I only follow fixed rules.",
)
PUZZLED = (
    'I can\'t make anything of "{}". Tell me a fact, or ask me about one.',
    'I don\'t understand "{}": I only follow fixed rules.',
    'There is nothing I can do with "{}", being a mock agent. I can remember facts and call tools.',
)
REFRAIN = re.compile(r"^(?:please )?(?:do not|never) (?P<what>\w.*)$", re.IGNORECASE)
ABILITY = re.compile(r"^(?:can|could|would|will) you (?:please |also )?(?=\w)", re.IGNORECASE)
LONGEST_SHOWN = 100


def foreign(text: str, turn: int) -> str | None:
    """Return what is said to a message in another language; None for one in English."""
    name = _language(text[:SHORT])
    if name is None:
        return None
    return one_of(FOREIGN_REPLIES, turn).format(f", not {name}" if name and turn % 3 == 1 else "")


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


@remembered
def is_code(text: str) -> bool:
    """Whether a message is a piece of a program."""
    lines = [line for line in text[:MOST].splitlines() if line.strip()]
    return bool(lines) and 2 * sum(bool(CODE.match(line)) for line in lines) >= len(lines)


def cannot(text: str, turn: int) -> str | None:
    """Name what a message orders, as something that cannot be done; None if it orders nothing."""
    for sentence in [*sentences(text[:MOST])][:8]:
        able = ABILITY.match(sentence)
        if able or kind(sentence) == "command":
            if refrain := REFRAIN.match(expand(plain(sentence))):
                return f"All right, I won't {as_order(refrain['what'])}."
            order = sentence[able.end() :] if able else plain(sentence)
            return one_of(CANNOT, turn).format(_shortened(as_order(order.split(": ")[0])))
    return None


def as_order(text: str) -> str:
    told = to_second_person(expand(text)).strip(" .!?,")
    return as_clause(told[:1].lower() + told[1:])


def puzzled(text: str, turn: int) -> str:
    """Say that a message is not understood, and which."""
    return one_of(PUZZLED, turn).format(_shortened(" ".join(text[:400].split())))


def one_of(forms: tuple[str, ...], turn: int) -> str:
    """Return one of several wordings, another in each turn."""
    return forms[(turn - 1) % len(forms)]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
