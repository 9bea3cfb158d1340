"""Small talk, what the agent says of itself, and honest words for what it cannot do."""

import re

from mockletta.brain.decisions import MemoryBlock, ModelCall, ToolSchema
from mockletta.default_brain.arguments import parameters_of
from mockletta.default_brain.lexicon import SILENT
from mockletta.default_brain.sentences import as_clause, kind, plain, sentences
from mockletta.default_brain.words import (
    SHORT,
    expand,
    remembered,
    to_second_person,
    word_set,
)

MOCK = "a mock agent without a language model"
GREETING = re.compile(
    r"^\W*(?:hello+|hi+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|yo|hola|"
    r"bonjour|hallo|salut|ciao|g'day|what's up|sup)\b(?![-'])(?:[ ,]+(?:there|again|all|"
    r"everyone|everybody|friend|world|agent|letta|assistant|bot|mate|team))*[^\w(\"'<]*",
    re.IGNORECASE,
)
SELF = "I am this agent."
"""Stands for what the agent is, which the system prompt or a memory block may say."""
TALK = {
    "Goodbye!": (
        (
            r"(?:good ?bye|bye(?: bye)?|good ?night|farewell|take care|ciao|later|cya)(?: for now|"
            r" now)?"
        ),
        (
            r"see (?:you|ya|u)(?: (?:later|soon|tomorrow|around|then|next time))?|"
            r"talk (?:to you )?later"
        ),
        r"have a (?:nice|good|great) (?:day|one|evening|weekend)|until (?:tomorrow|next time)",
    ),
    "You're welcome! Tell me if there is anything else.": (
        (r"(?:and |ok )?that(?:'s| is| was| will be|'ll be) (?:all|it|everything)(?: i (?:need|"
            r"needed|"
        r"wanted))?(?: for (?:now|today))?|i(?:'m| am) (?:done|all set)(?: for (?:now|today))?"),
        r"nothing else|no more questions",
    ),
    "You're welcome!": (
        (r"(?:many |no,? |ok )?thank(?:s| you| u)(?: (?:so much|very much|a lot|again|a million|"
            r"a ton|"
        r"for .{1,60}|all))*"),
        r"thx|ty|tysm|cheers|much appreciated|i appreciate (?:it|that)(?: .{1,30})?",
    ),
    "I'm doing well, thank you. How can I help?": (
        (
            r"(?:so |and )?how(?: are|'re| have) (?:you|things)(?: been| doing| today| feeling|"
            r" going| now)*"
        ),
        (r"how(?:'s| is| was)(?: it| everything| life| your (?:day|morning|evening|week))(?: been)?"
        r"(?: going)?(?: so far| today)?|how do you (?:do|feel)(?: today)?"),
        r"what(?:'s| is) up|(?:are )?you (?:ok|okay|well|good|alright)|how(?:'s| is) it going",
    ),
    SELF: (
        (
            r"who are you|what are you|who(?:'s| is) this|introduce yourself|what(?:'s|"
            r" is) (?:this|"
            r"that)"
        ),
        r"tell me (?:about|who) (?:yourself|you are)|what(?:'?s| is) your name",
        r"do you have a name|tell me your name|what (?:should|can|do) i call you|your name",
        r"who am i (?:talking|speaking|chatting) (?:to|with)|what are you called",
    ),
    f"I am {MOCK}: what I say follows fixed rules.": (
        (
            r"are you (?:an? )?(?:real|human|bot|robot|ai|machine|person|llm|mock|chatgpt|"
            r"gpt)(?: .{1,30})?"
        ),
        (
            r"(?:what|which) (?:model|llm) (?:are you|do you use|is this)|are you (?:real|alive|"
            r"conscious)"
        ),
    ),
    "I can remember what you tell me, answer questions about it, update my memory blocks, call my "
    "tools, repeat and count.": (
        r"what (?:can|could) you (?:do|help)(?: me)?(?: with)?(?: for me)?(?: today)?",
        (
            r"help(?: me)?|how can you help(?: me)?|what do you do|what are you (?:good|"
            r"able) (?:for|"
            r"to do)"
        ),
        r"how do you work|what are your (?:abilities|capabilities|features)",
    ),
    "Yes, I remember what you tell me.": (
        (r"(?:can|could|do|will) you (?:really |actually )?(?:remember|memori[sz]e|learn)"
        r"(?: (?:things|stuff|facts|anything|something|what i (?:say|tell you|told you)))?"),
        r"do you have (?:a |any )?memory|are you able to remember(?: .{1,20})?",
    ),
    "I'd be glad to help as far as I can, but I have no language model: I remember, look up and "
    "repeat what I am told.": (r"(?:can|could|would|will) you (?:please )?help .{1,100}",
                               r"(?:please )?help me .{1,100}|i need (?:your |some )?help.{0,80}"),
    "Nice to meet you too!": (r"(?:nice|pleased|glad|good) to (?:meet|see) you(?: too| again)?",),
    "Yes, I'm here.": (
        r"are you (?:still )?(?:there|here|awake|alive|ready|online|listening)",
        r"(?:can|do) you (?:hear|read) me|anybody there|is anyone there",
    ),
    "No problem.": (
        r"(?:i(?:'m| am) )?(?:so |very )?sorry(?: about that)?|my bad|excuse me|pardon(?: me)?",
    ),
    "Great. What else can I do for you?": (
        (r"ok(?:ay)?|k|cool|great|nice|perfect|good|awesome|amazing|excellent|alright|sure|fine|"
            r"got it|"
        r"i see|wow|understood|good job|well done|lol|haha+|wonderful|brilliant|yay|sounds good"),
        r"that(?:'s| is) (?:great|good|nice|cool|fine|correct|right|helpful|perfect|awesome)",
    ),
    "All right.": ((r"yes(?: please)?|yeah|yep|no|nope|no thanks|nothing|never ?mind|forget it"
                   r"|forget about it|please|maybe"),),
    f"I'm sorry. I am {MOCK} and do what I can.": (
        (r"you(?:'re| are) (?:so |very |really |pretty )?(?:a )?(?:stupid|dumb|useless|bad|wrong|"
        r"silly|"
        r"annoying|boring|terrible|slow|idiot)|i hate you|you suck|that(?:'s| is) (?:wrong|bad|"
        r"not right)"),
    ),
    "That's kind of you, thank you!": (
        (r"you(?:'re| are) (?:so |very |really )?(?:a )?(?:great|nice|good|kind|smart|clever|cool|"
        r"funny|"
        r"helpful|awesome|amazing|the best)|i (?:love|like) you"),
    ),
    "pong": (r"ping",),
    "Why did the mock object never lie? It only said what it was told.": (
        r"(?:please )?tell me a(?:nother)? joke|(?:do you )?know any jokes|make me laugh",
    ),
}  # fmt: skip
FORMS = {reply: re.compile("|".join(forms), re.IGNORECASE) for reply, forms in TALK.items()}
PIECES = re.compile(r"\s*[,.;!]+\s*|\s+and\s+")
LONGEST = 120


def greeting(text: str) -> str:
    """Return the greeting a message opens with, as it stands there; "" without one."""
    match = GREETING.match(text[:200])
    return match[0] if match else ""


@remembered
def small_talk(text: str) -> str | None:
    """Return the reply to a message that is nothing but small talk; None for any other."""
    core = expand(text[: LONGEST + 1]).strip(" \t\n.,!?;:~…")
    if len(core) > LONGEST:
        return None
    found = _talk(core)
    if found is None and len(pieces := [p for p in PIECES.split(core) if p]) < 5:
        replies = [_talk(piece.strip(" ?")) for piece in pieces]
        if replies and None not in replies:
            found = min(filter(None, replies), key=list(FORMS).index)
    return found


def _talk(core: str) -> str | None:
    for form in (core, plain(core)):
        if found := next((reply for reply, one in FORMS.items() if one.fullmatch(form)), None):
            return found
    return None


# What the agent has


ASKS = re.compile(
    r"^(?:what|which|list|show|tell|name|describe|do you|are there|have you|give|print|read|is "
    r"there|how many|enumerate|display|recite)\b",
    re.IGNORECASE,
)
SKILLS = re.compile(r"\bskills?\b", re.IGNORECASE)
TOOLS = re.compile(
    r"^(?:what|which|list|show|do you have|how many)(?: me| all| of| your| the|"
    r" any)* (?:\w+ )?tools?\b"
    r"(?! (?:did|do i|does|was|returned?|gave|has))|\b(?:your|available) tools?\b",
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
    r"\b(?:do(?:es)?|for|work|take|need|mean|about|use)\b|^(?:what is|describe|"
    r"explain)",
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
    if TOOLS.search(core) and not OF_THE_USER.search(core):
        return f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
    if blocks := [block for block in call.blocks if _asks_for(core, block)]:
        return "\n".join(map(_shown, blocks))
    if BLOCKS.search(core):
        return "\n".join(map(_shown, call.blocks)) or "I have no memory blocks."
    if WHOLE.search(core) and len(core.split()) < 9:
        return "\n".join(map(_shown, call.blocks)) or "My memory is empty."
    return None


def _skills(call: ModelCall) -> str:
    if not call.skills:
        return "I have no skills: none were offered with this request."
    named = [f"{one.name}: {one.description}".removesuffix(": ") for one in call.skills]
    return "I have these skills:\n" + "\n".join(f"- {line}" for line in named)


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


# What it cannot do


FOREIGN_WORDS = {
    "German": """ich du ist und der die das nicht wie geht dir mir mein meine wo wohne heiße heisse
        bin guten tag morgen bitte danke was wer es ein eine auf mit von kannst""",
    "Spanish": """yo me llamo vivo en el la los las es soy cómo qué dónde estás hola gracias por
        favor mi tu una un buenos días quién cuál y""",
    "French": """je tu suis est et le la les une comment ça va où qui quel quelle bonjour merci
        mon ma mes j'ai j'habite m'appelle s'il vous plaît dans pas""",
    "Italian": """io sono il lo che come stai dove chi mi chiamo abito vivo grazie buongiorno
        per favore è una mio mia qual""",
    "Portuguese": """eu sou o a os as é como você onde quem qual meu minha moro em chamo obrigado
        obrigada bom dia não uma de""",
    "Dutch": """ik ben het de een en hoe gaat waar wie mijn naam woon heet dank je goedemorgen niet
        wat""",
}
FOREIGN = {name: frozenset(line.split()) for name, line in FOREIGN_WORDS.items()}
ENGLISH = SILENT | word_set("like live work love name")
FOREIGN_REPLIES = (
    "Sorry, I understand English only{}.",
    "I can't follow you{}: I only understand English.",
    "That{} is beyond my English. Could you rephrase it?",
)
CODE = re.compile(
    r"^\s*(?:def \w+\(|class \w+|function\b.*\(|(?:const|let|var) \w+ =|import \w|"
    r"from \w+ import|#include|"
    r"public |SELECT\b.+\bFROM\b|INSERT INTO|<\?|[{}]\s*$|.*[;{]\s*$|\w+\(.*\)\s*$|```)",
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
            return one_of(CANNOT, turn).format(_shortened(as_order(order)))
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
