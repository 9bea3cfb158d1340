"""The small lexicon: which words ask for the same thing, and which words say nothing."""

from collections.abc import Iterable

from mockletta.default_brain.words import base, data_table, stem, word_set

FIRST_PERSON = word_set("i me my mine myself we us our ours")
SECOND_PERSON = word_set("you your yours yourself")
THIRD_PERSON = word_set("he she it they his her its their him them")
OWNING = word_set("my our your user's")
BE = word_set("am is are was were be been being")
AUXILIARY = BE | word_set(
    """do does did have has had will would shall should can could may might must cannot"""
)

TABLE = data_table("lexicon")
SILENT = FIRST_PERSON | SECOND_PERSON | THIRD_PERSON | AUXILIARY | word_set(TABLE["silent"])
VERBS = frozenset(map(stem, word_set(TABLE["verbs"])))
IRREGULAR_PAST = word_set(TABLE["irregular_past"])
ORDERS = word_set(TABLE["orders"])
ATTRIBUTES = word_set(TABLE["attributes"])


def rows(kind: str) -> dict[str, str]:
    """Return the words of the lexicon's entries `kind.name`, by their names."""
    named = (key.partition(".") for key in TABLE)
    return {name: TABLE[f"{kind}.{name}"] for group, _, name in named if group == kind}


NEGATIVE = word_set("not never dislike hate detest despise loathe no cannot without none nobody")
AVERSIONS = frozenset(stem(word) for word in ["dislike", "hate", "detest", "despise", "loathe"])
STEMS = {stem(word): concept for concept, line in rows("concept").items() for word in line.split()}
CATEGORIES: dict[str, tuple[str, ...]] = {}
for _category, _line in rows("examples").items():
    for _word in _line.split():
        CATEGORIES[stem(_word)] = (
            *CATEGORIES.get(stem(_word), ()),
            STEMS.get(stem(_category), stem(_category)),
        )


def root(word: str) -> str:
    """Return the concept of a lower-case word."""
    return STEMS.get(stem(word), stem(word))


KIN = {root(word): frozenset(map(root, line.split())) for word, line in rows("akin").items()}
KINDS = frozenset(kind for kinds in CATEGORIES.values() for kind in kinds)
PERSONS = frozenset(root(word) for word in word_set(TABLE["people"]))


def concept(token: str) -> str | None:
    """Return what a word stands for, or None for a word that says nothing by itself."""
    word = base(token)
    if word in SILENT:
        return None
    return "like" if stem(word) in AVERSIONS else root(word)


def categories(token: str) -> tuple[str, ...]:
    """Return the kinds of thing a word is an example of: `pizza` is a food."""
    return CATEGORIES.get(stem(base(token)), ())


def is_category(kind: str) -> bool:
    """Whether the lexicon names examples of a kind of thing: of a colour, of a food."""
    return kind in KINDS


def concepts(words: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts of several words, in order and each once."""
    found = (concept(word) for word in words)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def is_verb(token: str) -> bool:
    """Whether a word can be a verb in one of its forms."""
    word = token.lower()
    return word in AUXILIARY or word in IRREGULAR_PAST or stem(word) in VERBS


def is_name(word: str) -> bool:
    """Whether a word looks like a name: it begins with a capital and is no common word."""
    return word[:1].isupper() and base(word) not in SILENT and not categories(word)
