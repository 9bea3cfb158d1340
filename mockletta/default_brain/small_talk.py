"""Small talk: greetings, thanks, farewells and questions about the agent itself."""

import re

from mockletta.default_brain.sentences import plain

MOCK = "a mock agent without a language model"
GREETING = re.compile(
    r"^\W*(?:hello+|hi+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|yo|hola|"
    r"bonjour|hallo|salut|ciao|g'day|what's up|sup)\b(?![-'])(?:[ ,]+(?:there|again|all|"
    r"everyone|everybody|"
    r"friend|world|agent|letta|assistant|bot|mate|team))*[^\w(\"']*",
    re.IGNORECASE,
)
TALK = {
    "You're welcome!": (
        r"(?:many |no,? )?thank(?:s| you)(?: (?:so much|very much|a lot|again|for .{1,60}|all))*",
        r"thx|ty|cheers|much appreciated",
    ),
    "Goodbye!": (
        r"(?:good ?bye|bye(?: bye)?|good ?night|farewell|take care|ciao|later)(?: for now| now)?",
        r"see (?:you|ya)(?: (?:later|soon|tomorrow|around))?",
        r"have a (?:nice|good|great) (?:day|one|evening|weekend)",
    ),
    "I'm doing well, thank you. How can I help?": (
        r"(?:so |and )?how(?: are|'re) (?:you|things)(?: doing| today| feeling| going| now)*",
        r"how(?:'s| is) (?:it going|everything|life|your day)(?: going)?|how do you do",
        r"what(?:'s| is) up|(?:are )?you (?:ok|okay|well|good|alright)",
    ),
    "I am {name}.": (
        r"who are you|what are you|who(?:'s| is) this|introduce yourself",
        r"tell me (?:about|who) (?:yourself|you are)|what(?:'?s| is) your name",
        r"do you have a name|tell me your name|what (?:should|can|do) i call you",
        r"who am i (?:talking|speaking|chatting) (?:to|with)",
    ),
    f"I am {MOCK}: what I say follows fixed rules.": (
        r"are you (?:an? )?(?:real|human|bot|robot|ai|machine|person|llm|mock)(?: .{1,30})?",
    ),
    "I can remember what you tell me, answer questions about it, update my memory blocks, "
    "repeat and count.": (
        r"what (?:can|could) you (?:do|help)(?: me)?(?: with)?(?: for me)?(?: today)?",
        r"help(?: me)?|how can you help(?: me)?|what do you do",
        r"how do you work|what are your (?:abilities|capabilities|features)",
    ),
    "Nice to meet you too!": (r"(?:nice|pleased|glad|good) to (?:meet|see) you(?: too| again)?",),
    "Yes, I'm here.": (
        r"are you (?:still )?(?:there|here|awake|alive|ready|online|listening)",
        r"(?:can|do) you (?:hear|read) me|anybody there|is anyone there",
    ),
    "No problem.": (
        r"(?:i(?:'m| am) )?(?:so |very )?sorry(?: about that)?|my bad|excuse me|pardon(?: me)?",
    ),
    "Great. What else can I do for you?": (
        r"ok(?:ay)?|k|cool|great|nice|perfect|good|awesome|alright|sure|fine|got it|i see|wow",
        r"understood|good job|well done|lol|haha+",
        r"that(?:'s| is) (?:great|good|nice|cool|fine|correct|right)",
    ),
    "All right.": (r"yes(?: please)?|yeah|yep|no|nope|no thanks|nothing",),
    "pong": (r"ping",),
    "Why did the mock object never lie? It only said what it was told.": (
        r"(?:please )?tell me a(?:nother)? joke|(?:do you )?know any jokes|make me laugh",
    ),
}
FORMS = {reply: re.compile("|".join(forms), re.IGNORECASE) for reply, forms in TALK.items()}
LONGEST = 120


def greeting(text: str) -> str:
    """Return the greeting a message opens with, as it stands there; "" without one."""
    match = GREETING.match(text[:200])
    return match[0] if match else ""


def small_talk(text: str, agent_name: str) -> str | None:
    """Return the reply to a message that is nothing but small talk; None for any other."""
    core = text[: LONGEST + 1].replace("\u2019", "'").strip(" \t\n.,!?;:~…")
    if len(core) > LONGEST:
        return None
    name = f"{agent_name}, {MOCK}" if agent_name else MOCK
    for reply, form in FORMS.items():
        if form.fullmatch(core) or form.fullmatch(plain(core)):
            return reply.replace("{name}", name)
    return None


def hello(agent_name: str) -> str:
    """Return the reply to a greeting."""
    return f"Hello! I am {agent_name}. How can I help?" if agent_name else "Hello! How can I help?"
