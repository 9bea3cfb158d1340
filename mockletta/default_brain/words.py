"""Words: how a text becomes comparable tokens, and how one side's words are told by the other."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from importlib.resources import files
from typing import TypeVar

Result = TypeVar("Result")
SHORT = 300
MANY = 1024
WORD = re.compile(r"[^\W_]+(?:[-'@][^\W_]+)*")
PIECE = re.compile(r"<[^<>\n]{1,60}>|[^\W_]+(?:['\u2019-][^\W_]+)*|[\s\S]")
QUOTED = re.compile(r"(\"[^\"\n]*\"|“[^”\n]*”)")
CONTRACTION = re.compile(
    r"\b(?:(can|won|shan|[a-z]{2,7}n)['\u2019]t|(i)['\u2019]m|([a-z]+)['\u2019](re|ve|ll|d|"
    r"s))\b(?!['\u2019])",
    re.IGNORECASE,
)
IS_AFTER_NOUN = re.compile(r"\b([a-z]{2,})['\u2019]s(?= (?:a|an|not|called|named|from)\b)")
SLOPPY = re.compile(
    r"\b(?:(what|who|where|when|how)(?=s\b)|(i)(?=(?:m|ve)\b)|((?:do|does|did|is|was|are|"
    r"have)n)(?=t\b))",
    re.IGNORECASE,
)
CHAT_WORDS = {
    "abt": "about",
    "u": "you",
    "ur": "your",
    "r": "are",
    "pls": "please",
    "plz": "please",
}
CHAT = re.compile(r"\b(?:abt|u|ur|pls|plz|r(?= (?:u|you)\b))\b(?![.'-])")
LONG_FORMS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}
NEGATED = {"can": "cannot", "won": "will not", "shan": "shall not"}
ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("oes", "o"))
DIGITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty"""
TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
NUMBERS = (
    {word: value for value, word in enumerate(DIGITS.split())}
    | {word: 10 * value for value, word in enumerate(TENS.split(), start=3)}
    | {"thousand": 1000}
)
LARGE = frozenset({"million", "billion", "trillion", "infinity"})


def remembered(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """Keep the newest results for short texts; `function` must depend on its text alone."""
    kept = lru_cache(MANY)(function)

    @wraps(function)
    def wrapper(text: str) -> Result:
        return kept(text) if len(text) <= SHORT else function(text)

    return wrapper


def data_table(name: str) -> dict[str, str]:
    """Read `data/NAME.txt`: lines with a name, `name = words`, and indented lines that go on."""
    table: dict[str, str] = {}
    last = ""
    for line in (files("mockletta") / "data" / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith(" "):
            table[last] = f"{table[last]}\n{line.strip()}".strip()
        elif line and line[0] != "#":
            last, _, first = line.partition(" = ")
            table[last] = first
    return table


def word_set(line: str) -> frozenset[str]:
    """Split a line into the set of its words."""
    return frozenset(line.split())


CONTRACTED_IS = word_set("what who where when how it he she that there here name which everything")


@remembered
def expand(text: str) -> str:
    """Write contractions and chat words out: `I'm` is `I am`, `u` is `you`, `dog's` stays."""
    text = CHAT.sub(lambda match: CHAT_WORDS[match[0]], text.replace("\u2019", "'"))
    text = CONTRACTION.sub(_long_form, SLOPPY.sub(r"\g<0>'", text))
    return IS_AFTER_NOUN.sub(r"\1 is", text)


def _long_form(match: re.Match[str]) -> str:
    verb, first_person, word, tail = match.groups()
    if verb:
        return NEGATED.get(verb.lower(), f"{verb[:-1]} not")
    if first_person:
        return "I am"
    if tail.lower() == "s" and word.lower() not in CONTRACTED_IS:
        return match[0]
    return f"{word} {LONG_FORMS[tail.lower()]}"


def tokens(text: str) -> list[str]:
    """Return the words of `text` in order, as they are spelled."""
    return WORD.findall(text)


def base(token: str) -> str:
    """Return a token in lower case and without a possessive ending."""
    return token.lower().removesuffix("'s").removesuffix("'")


@lru_cache(8192)
def stem(word: str) -> str:
    """Bring the inflections of a lower-case word to one spelling, roughly."""
    if len(word) < 4 or not word.isalpha():
        return word
    word = _without_suffix(_singular(word))
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def _singular(word: str) -> str:
    for ending, replacement in ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + replacement
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_suffix(word: str) -> str:
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) >= len(suffix) + 3:
            return word.removesuffix(suffix)
    return word


def number(text: str | None) -> int | None:
    """Return a number given in digits or words; a huge one for `a million` and beyond."""
    if not text:
        return None
    digits = text.replace(",", "")
    if digits.lstrip("-").isdecimal():
        return int(digits) if len(digits) < 10 else 10**9
    words = [word for word in re.split(r"[- ]", text.lower()) if word not in {"a", "an", "one"}]
    words = words or ["one"]
    if words[-1] in LARGE:
        return 10**9
    known = [NUMBERS[word] for word in words if word in NUMBERS]
    if len(known) != len(words):
        return None
    return known[0] * known[1] if len(known) == 2 and known[1] >= 100 else sum(known)


TO_SECOND = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you",
    "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves",
    "i'm": "you are", "i've": "you have", "i'll": "you will", "i'd": "you would",
}  # fmt: skip
TO_FIRST = {"your": "my", "yours": "mine", "yourself": "myself"}
AGREEMENT = {
    "you": {"am": "are", "was": "were"},
    "I": {"are": "am", "were": "was"},
}
ADVERBS = word_set("also still really just now always never not often usually both")
OBJECT_AFTER = word_set(
    """to for with about of from by at on tell told ask asked give gave love like help call
    thank thanks want wanted show teach taught meet see name named than need trust"""
)
NUMBERED = word_set("chapter part volume section book act phase type class level world war grade")
THE_USER = re.compile(
    r"(?:\b(?:the|this) (?:user|human)|^(?:he|she|they)\b)(?:(['\u2019]s\b)|\s+(\w+)|\b)",
    re.IGNORECASE,
)
IRREGULAR = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}


def to_second_person(text: str) -> str:
    """Tell the user what the user said: `I love you` -> `you love me`.

    What stands in double quotes or in a <tag> is left alone.
    """
    return _retell(text, TO_SECOND | TO_FIRST, you=True)


def about_the_user(text: str) -> str:
    """Tell the user what a note says about them: `The user's dog` and `my dog` -> `your dog`."""
    return _retell(THE_USER.sub(_second_person_user, text), TO_SECOND, you=False)


def about_the_agent(text: str) -> str:
    """Tell what a persona says of the agent: `You are Sam` -> `I am Sam`."""
    return _retell(text, TO_FIRST, you=True)


def _second_person_user(match: re.Match[str]) -> str:
    possessive, verb = match.groups()
    if possessive:
        return "your"
    return f"you {_plural_verb(verb)}" if verb else "you"


def _plural_verb(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith(("ches", "shes", "sses", "xes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def _retell(text: str, swaps: dict[str, str], you: bool) -> str:
    parts = QUOTED.split(text)
    return "".join(
        part if index % 2 else "".join(_retold(part, swaps, you))
        for index, part in enumerate(parts)
    )


def _retold(text: str, swaps: dict[str, str], you: bool) -> list[str]:
    out: list[str] = []
    previous = subject = ""
    for word in PIECE.findall(text):
        lower = word.lower().replace("\u2019", "'")
        new = _swapped(word, lower, previous, swaps, you)
        if new != word and re.search(r"[.!?]\s+$", "".join(out[-3:])):
            new = new.capitalize()
        out.append(AGREEMENT.get(subject, {}).get(lower, new))
        if lower[0].isalnum():
            previous = lower
            if lower not in ADVERBS:
                subject = new.lower().replace("i", "I") if new.lower() in {"you", "i"} else ""
                subject = subject if new != word else ""
    return out


def _swapped(word: str, lower: str, previous: str, swaps: dict[str, str], you: bool) -> str:
    if you and lower == "you":
        return "me" if previous in OBJECT_AFTER else "I"
    if lower not in swaps or word == "US" or (lower == "i" and previous in NUMBERED):
        return word
    new = swaps[lower]
    return new.capitalize() if word[0].isupper() and lower[0] != "i" else new


def as_sentence(text: str) -> str:
    """Capitalise the start of a text and end it with a full stop if it has no end."""
    text = text.strip().rstrip(",;: ")
    ended = text.endswith((".", "!", "?", "…"))
    return text[:1].upper() + text[1:] + ("" if ended or not text else ".")
