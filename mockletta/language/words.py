"""Words: the tokens of a text, what they stand for, and the forms and tables of data/*.txt."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

Result = TypeVar("Result")


@cache
def read_data(name: str) -> str:
    """Return the text of `data/NAME.txt`."""
    return (files("mockletta") / "data" / f"{name}.txt").read_text("utf-8")


def data_table(name: str) -> dict[str, str]:
    """Read `data/NAME.txt`: lines with a name, `name = words`, and indented lines that go on."""
    table: dict[str, str] = {}
    last = ""
    for line in read_data(name).splitlines():
        if line.startswith(" "):
            table[last] = f"{table[last]}\n{line.strip()}".strip()
        elif line and line[0] != "#":
            last, _, first = line.partition(" = ")
            table[last] = first
    return table


TABLE = data_table("lexicon")
FORMS = data_table("forms")
"""What the sentences look like that the default brain understands, as regular expressions."""
INSERTED = re.compile(r"\{([a-z_.]+)\}")


def rows(kind: str) -> dict[str, str]:
    """Return the words of the lexicon's entries `kind.name`, by their names."""
    named = (key.partition(".") for key in TABLE)
    return {name: TABLE[f"{kind}.{name}"] for group, _, name in named if group == kind}


def pattern_text(name: str, **given: str) -> str:
    """Return the regular expression `section.name`, with the forms that it names in braces."""
    return filled(FORMS[name].replace("\n", ""), name.partition(".")[0], **given)


def filled(text: str, section: str, **given: str) -> str:
    """Replace `{name}`, a form of this section, `{section.name}` and `{lexicon.name}`."""

    def form(match: re.Match[str]) -> str:
        name = match[1] if "." in match[1] else f"{section}.{match[1]}"
        if name.startswith("lexicon."):
            return "|".join(TABLE[name[8:]].split())
        return given.get(match[1]) or pattern_text(name)

    return INSERTED.sub(form, text)


def pattern(name: str, **given: str) -> re.Pattern[str]:
    """Compile the regular expression `section.name`. It ignores case."""
    return re.compile(pattern_text(name, **given), re.IGNORECASE)


class Patterns:
    """The regular expressions of one section of `data/forms.txt`, compiled at their first use."""

    def __init__(self, section: str) -> None:
        self._section = section

    def __getattr__(self, name: str) -> re.Pattern[str]:
        compiled = pattern(f"{self._section}.{name}")
        setattr(self, name, compiled)
        return compiled


patterns = cache(Patterns)


@cache
def rewrites(group: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what `data/rewrites.txt` has of a group: regular expressions and their texts."""
    lines = re.findall(rf'^{group}: (.*) => "(.*)"$', read_data("rewrites"), re.MULTILINE)
    return tuple((re.compile(filled(form, ""), re.IGNORECASE), text) for form, text in lines)


def rewritten(text: str, group: str) -> str:
    """Write a text more plainly, by the rules of a group of `data/rewrites.txt`."""
    for form, plainer in rewrites(group):
        if form.search(text):  # `sub` takes twice as long, even if nothing matches
            text = form.sub(plainer, text)
    return text


WORD_FORMS = patterns("word")
SHORT = 300
MANY = 1024
WORD = re.compile(r"[^\W_]+(?:[-'@][^\W_]+|(?<=\d)[.:]\d+)*")
CHAT_WORDS = {word: meant for meant, line in rows("chat").items() for word in line.split()}
CHAT = re.compile(
    rf"\b(?:{'|'.join(word for word in CHAT_WORDS if word != 'r')}|r(?= (?:u|you)\b))\b(?![.'-])"
)
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
LARGE = frozenset(TABLE["large"].split())
TABLE["numerals"] = " ".join(word for word in NUMBERS if word != "one")


def remembered(
    function: Callable[[str], Result], longest: int = SHORT, most: int = MANY
) -> Callable[[str], Result]:
    """Cache the results for short texts; `function` must depend on its text alone."""
    return _Results(function, longest, most).__getitem__


class _Results(dict[str, Result]):
    """The results of a function by their texts. All are forgotten when there are too many.

    To find one takes no call of a Python function: the rules look up many of them in each turn.
    """

    def __init__(self, function: Callable[[str], Result], longest: int, most: int) -> None:
        super().__init__()
        self._function = function
        self._longest = longest
        self._most = most

    def __missing__(self, text: str) -> Result:
        result = self._function(text)
        if len(text) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[text] = result
        return result


def lexicon(name: str) -> frozenset[str]:
    """Return the words that the lexicon has by that name."""
    return word_set(TABLE[name])


def word_set(line: str) -> frozenset[str]:
    """Split a line into the set of its words."""
    return frozenset(line.split())


CONTRACTED_IS = word_set("what who where when how it he she that there here name which everything")


@remembered
def expand(text: str) -> str:
    """Write contractions and chat words out: `I'm` is `I am`, `u` is `you`, `dog's` stays."""
    text = CHAT.sub(lambda match: CHAT_WORDS[match[0]], text.replace("\u2019", "'"))
    text = WORD_FORMS.contraction.sub(_long_form, rewritten(text, "spelling"))
    return rewritten(text, "expanded")


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


@remembered
def lower_words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return [word.lower() for word in WORD.findall(text)]


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


def as_sentence(text: str) -> str:
    """Capitalise the start of a text and end it with a full stop if it has no end."""
    text = text.strip().rstrip(",;: ")
    ended = text.endswith((".", "!", "?", "…"))
    return text[:1].upper() + text[1:] + ("" if ended or not text else ".")


def as_item(text: str) -> str:
    """Write a text as an item of a list: capitalised, without a full stop."""
    return text[:1].upper() + text[1:].rstrip(".!")


FIRST_PERSON = word_set("i me my mine myself we us our ours")
SECOND_PERSON = word_set("you your yours yourself")
THIRD_PERSON = word_set("he she it they his her its their him them")
OWNING = word_set("my our your user's")
BE = word_set("am is are was were be been being")
AUXILIARY = BE | word_set(
    """do does did have has had will would shall should can could may might must cannot"""
)
SILENT = FIRST_PERSON | SECOND_PERSON | THIRD_PERSON | AUXILIARY | lexicon("silent")
VERBS = frozenset(map(stem, lexicon("verbs")))
IRREGULAR_PAST = lexicon("irregular_past")
ORDERS = lexicon("orders")
ATTRIBUTES = lexicon("attributes")


ACT_WORDS = {act: word_set(line) for act, line in rows("act").items()}
ACT_STEMS = {stem(act): frozenset(map(stem, words)) for act, words in ACT_WORDS.items()}
QUITTING = word_set("quit stopped")
AVERSIONS = lexicon("aversions")
NEGATIVE = AVERSIONS | word_set("neither not never no cannot without none nobody")
STEMS = {stem(word): concept for concept, line in rows("concept").items() for word in line.split()}
CATEGORIES: dict[str, tuple[str, ...]] = {}
for _category, _line in rows("examples").items():
    for _word in _line.split():
        CATEGORIES[stem(_word)] = (
            *CATEGORIES.get(stem(_word), ()),
            STEMS.get(stem(_category), stem(_category)),
        )


STEMS |= {word: str(value) for word, value in NUMBERS.items()}
NOUN_ENDINGS = ("ation", "ment", "anc", "enc", "al", "ur", "y")


@lru_cache(8192)
def root(word: str) -> str:
    """Return the concept of a lower-case word; for a noun like `renewal`, that of its verb."""
    stemmed = stem(word)
    verbs = (stemmed.removesuffix(one) for one in NOUN_ENDINGS if stemmed.endswith(one))
    found = STEMS.get(stemmed) or next((verb for verb in verbs if verb in VERBS), stemmed)
    return STEMS.get(found, found)


KIN = {root(word): frozenset(map(root, line.split())) for word, line in rows("akin").items()}
KINDS = frozenset(kind for kinds in CATEGORIES.values() for kind in kinds)
PERSONS = frozenset(root(word) for word in lexicon("people"))


def concept(token: str) -> str | None:
    """Return what a word stands for, or None for a word that says nothing by itself."""
    word = base(token)
    if word in SILENT and not token.startswith("May"):
        return None
    return "like" if word in AVERSIONS else root(word)


def categories(token: str) -> tuple[str, ...]:
    """Return the kinds of thing a word is an example of: `pizza` is a food."""
    return CATEGORIES.get(stem(base(token)), ())


def concepts(words: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts of several words, in order and each once."""
    found = (concept(word) for word in words)
    return tuple(dict.fromkeys(item for item in found if item is not None))


def is_verb(token: str) -> bool:
    """Return whether a word can be a verb in one of its forms."""
    word = token.lower()
    return word in AUXILIARY or word in IRREGULAR_PAST or stem(word) in VERBS


def is_name(word: str) -> bool:
    """Return whether a word looks like a name: it begins with a capital and is no common word."""
    return word[:1].isupper() and base(word) not in SILENT and not categories(word)


CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def name_words(name: str) -> list[str]:
    """Return the words of a tool's name: `getWeather` and `get_weather` are `get weather`."""
    return tokens(CAMEL.sub(" ", name).replace("_", " ").replace("-", " "))
