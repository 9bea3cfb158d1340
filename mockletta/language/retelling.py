"""Retelling: how one side repeats what the other side said."""

import re

from mockletta.language.words import SILENT, is_verb, lexicon, patterns, remembered, word_set

WORD_FORMS = patterns("word")
PIECE = re.compile(r"<[^<>\n]{1,60}>|[^\W_]+(?:['\u2019-][^\W_]+)*|[\s\S]")
QUOTED = re.compile(r"(\"[^\"\n]*\"|“[^”\n]*”)")
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
OBJECT_AFTER = lexicon("object_after")
NUMBERED = word_set("chapter part volume section book act phase type class level world war grade")
IRREGULAR = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}


@remembered
def to_second_person(text: str) -> str:
    """Tell the user what the user said: `I love you` -> `you love me`.

    What stands in double quotes or in a <tag> is left alone.
    """
    return _retell(text, TO_SECOND | TO_FIRST, you=True)


def about_the_user(text: str) -> str:
    """Tell the user what a note says about them: `The user's dog` and `my dog` -> `your dog`."""
    return _retell(in_first_person(text), TO_SECOND, you=False)


def in_first_person(text: str) -> str:
    """Write what a note says about the user in their words: `The user's dog` -> `my dog`."""
    if WORD_FORMS.is_the_user.match(text):
        text = with_own(text)
    return WORD_FORMS.the_user.sub(_first_person_user, text)


def about_the_agent(text: str) -> str:
    """Tell what a persona says of the agent: `You are Sam` -> `I am Sam`."""
    return _retell(text, TO_FIRST, you=True)


def with_own(text: str) -> str:
    """Write `her two cats` as `my two cats`."""
    return WORD_FORMS.owned.sub("my", text)


def _first_person_user(match: re.Match[str]) -> str:
    possessive, verb = match.groups()
    if possessive:
        return "my"
    return f"I {'am' if verb == 'is' else plain_verb(verb)}" if verb else "I"


def plain_verb(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith(("ches", "shes", "sses", "xes", "oes")):
        return verb[:-2]
    if verb.endswith("ies") and len(verb) > len("lies"):
        return f"{verb[:-3]}y"
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
    pieces = PIECE.findall(text)
    for place, word in enumerate(pieces):
        lower = word.lower().replace("\u2019", "'")
        is_option = place and pieces[place - 1] == "-"
        if you and lower == "you":
            new = "me" if _is_object(previous, pieces[place + 1 : place + 3]) else "I"
        else:
            new = word if is_option else _swapped(word, lower, previous, swaps)
        if new != word and re.search(r"[.!?]\s+$", "".join(out[-3:])):
            new = new.capitalize()
        out.append(AGREEMENT.get(subject, {}).get(lower, new))
        if lower[0].isalnum():
            previous = lower
            if lower not in ADVERBS:
                subject = new.lower().replace("i", "I") if new.lower() in {"you", "i"} else ""
                subject = subject if new != word else ""
    return out


def _is_object(previous: str, after: list[str]) -> bool:
    """Return whether a `you` between these words is `me`: a verb comes before it, none after."""
    following = "".join(after).strip().lower()
    ends = bool(previous) and not following[:1].isalnum()
    acts = is_verb(following) or following in ADVERBS
    return ends or previous in OBJECT_AFTER or not (acts or previous in SILENT or not previous)


def _swapped(word: str, lower: str, previous: str, swaps: dict[str, str]) -> str:
    if lower not in swaps or word == "US" or (lower == "i" and previous in NUMBERED):
        return word
    new = swaps[lower]
    return new.capitalize() if word[0].isupper() and lower[0] != "i" else new
