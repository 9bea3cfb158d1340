"""Persons: what one side says, told back by the other."""

import re

from mockletta.default_brain.lexicon import SILENT
from mockletta.default_brain.words import word_set

WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[\s\S]")
QUOTED = re.compile(r"(\"[^\"\n]*\"|“[^”\n]*”)")
TO_SECOND = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you",
    "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves", "am": "are",
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
THE_USER = re.compile(
    r"(?:\b(?:the|this) (?:user|human)|^(?:he|she|they)\b)(?:(['\u2019]s\b)|\s+(\w+)|\b)",
    re.IGNORECASE,
)
IRREGULAR = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}


def to_second_person(text: str) -> str:
    """Tell the user what the user said: `I love you` -> `you love me`.

    What stands in double quotes is left alone.
    """
    return retell(text, TO_SECOND | TO_FIRST, you=True)


def about_the_user(text: str) -> str:
    """Tell the user what a note says about them: `The user's dog` and `my dog` -> `your dog`."""
    return retell(THE_USER.sub(second_person_user, text), TO_SECOND, you=False)


def about_the_agent(text: str) -> str:
    """Tell what a persona says of the agent: `You are Sam` -> `I am Sam`."""
    return retell(text, TO_FIRST, you=True)


def second_person_user(match: re.Match[str]) -> str:
    possessive, verb = match.groups()
    if possessive:
        return "your"
    return f"you {plural_verb(verb)}" if verb else "you"


def plural_verb(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith(("ches", "shes", "sses", "xes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def retell(text: str, swaps: dict[str, str], you: bool) -> str:
    parts = QUOTED.split(text)
    return "".join(
        part if index % 2 else "".join(retold(part, swaps, you)) for index, part in enumerate(parts)
    )


def retold(text: str, swaps: dict[str, str], you: bool) -> list[str]:
    out: list[str] = []
    previous = subject = ""
    for word in WORD.findall(text):
        lower = word.lower().replace("\u2019", "'")
        new = swapped(word, lower, previous, swaps, you)
        out.append(AGREEMENT.get(subject, {}).get(lower, new))
        if lower[0].isalnum():
            previous = lower
            if lower not in ADVERBS:
                subject = new.lower().replace("i", "I") if new.lower() in {"you", "i"} else ""
                subject = subject if new != word else ""
    return out


def swapped(word: str, lower: str, previous: str, swaps: dict[str, str], you: bool) -> str:
    if you and lower == "you":
        return "me" if previous in OBJECT_AFTER else "I"
    if lower not in swaps or word == "US":
        return word
    new = swaps[lower]
    return new.capitalize() if word[0].isupper() and lower[0] != "i" else new


def as_sentence(text: str) -> str:
    """Capitalise the start of a text and end it with a full stop if it has no end."""
    text = text.strip().rstrip(",;: ")
    ended = text.endswith((".", "!", "?", "…"))
    return text[:1].upper() + text[1:] + ("" if ended or not text else ".")


def as_clause(text: str) -> str:
    """Return a sentence for use inside another: no capital but of a name, no full stop."""
    text = text.strip().rstrip(".!,;: ")
    first = text.split(" ", 1)[0]
    lowers = first != "I" and first.lower() in SILENT
    return text[:1].lower() + text[1:] if lowers else text
