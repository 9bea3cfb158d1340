"""Words: how text becomes comparable tokens."""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:[-'@][^\W_]+)*")
CONTRACTION = re.compile(
    r"\b(?:(can|won|shan|[a-z]{2,7}n)['\u2019]t|(i)['\u2019]m|([a-z]+)['\u2019](re|ve|ll|d|"
    r"s))\b(?!['\u2019])",
    re.IGNORECASE,
)
SLOPPY = re.compile(r"\b(?:(what|who|where|when|how)(?=s\b)|(i)(?=m\b))", re.IGNORECASE)
LONG_FORMS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}
NEGATED = {"can": "cannot", "won": "will not", "shan": "shall not"}
ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))


def word_set(line: str) -> frozenset[str]:
    """Split a line into the set of its words."""
    return frozenset(line.split())


def expand(text: str) -> str:
    """Write contractions out: `I'm` is `I am`, `name's` is `name is`, `dog's` stays."""
    return CONTRACTION.sub(long_form, SLOPPY.sub(r"\g<0>'", text.replace("\u2019", "'")))


CONTRACTED_IS = word_set("what who where when how it he she that there here name which everything")


def long_form(match: re.Match[str]) -> str:
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
    word = without_suffix(singular(word))
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def singular(word: str) -> str:
    for ending, replacement in ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + replacement
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def without_suffix(word: str) -> str:
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) >= len(suffix) + 3:
            return word.removesuffix(suffix)
    return word
