"""Sentences: where one ends, whether it asks, orders or states, and the clauses in it."""

import re
from collections.abc import Iterator
from typing import Literal

from mockletta.language.words import (
    ATTRIBUTES,
    AUXILIARY,
    BE,
    IRREGULAR_PAST,
    NUMBERS,
    ORDERS,
    SHORT,
    SILENT,
    VERBS,
    base,
    categories,
    expand,
    is_name,
    is_verb,
    lexicon,
    patterns,
    remembered,
    rewritten,
    stem,
    tokens,
    word_set,
)

CHANGE = patterns("change")
SENTENCE = patterns("sentence")

Kind = Literal["question", "command", "statement"]
LONGEST = 2000
QUOTES = (("“", "”"), ("\u2018", "\u2019"), ('"', '"'), ("'", "'"), ("`", "`"), ("«", "»"))
SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++(?:[\"'”\u2019)\]]++(?! (?:to|into|in|on|onto|from|off) ))?+(?=\s|$)"
    r"|[。\uff01\uff1f]|\n+"
)
BULLET = re.compile(r"^\s{0,20}(?:[-*•>#]{1,6}\s+|\d{1,3}[.)]\s+)")
LISTED = re.compile(
    r"^(?P<head>\w[^\n:.!?]{0,80}):[ \t]*\n+(?P<points>(?:[ \t]*(?:[-*•]|"
    r"\d{1,3}[.)])[ \t]+[^\n]{1,200}(?:\n|\Z)){1,50})",
    re.IGNORECASE | re.MULTILINE,
)
SLASH = re.compile(r"^/(?=[a-z]+ [^/])")
POINT = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")
ITEMS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
BOLD = re.compile(r"(?:\*\*|__)(?=\S)([^*_\n]{1,200})(?:\*\*|__)")
MARKUP = re.compile(r"\*\*|__|(?<!\w)`|`(?!\w)")
STARTS = (" Please ", " My ", " I ", " We ", " Can ", " Could ")
NOUNS = word_set(
    "order book play test call plan report search review check design build support track transfer "
    "install upgrade"
)
WHEN = word_set("yesterday today tomorrow tonight last next everyone")
MODIFIERS = word_set("free clean open light live dry warm cool fit direct garden park dance")
"""Verbs that stand before a noun too: `free parking`."""
STATES = lexicon("states")
SUBJECTS = word_set("i we he she it they you everyone everybody nobody there")
ACTORS = word_set("i we he she it they")
ACTING = word_set("i my our we everyone")
DETERMINERS = word_set("my our the his her its your their this that")


def sentences(text: str) -> Iterator[str]:
    """Cut a text at sentence ends and line breaks; end marks stay, blank pieces go.

    The points of a list stay with the line that announces it, `My list: tea, milk`, unless they
    have names of their own: `Price: 5`.
    """
    return iter(_short_sentences(text)) if len(text) <= SHORT else _cut(text)


def _joined_list(match: re.Match[str]) -> str:
    points = [BULLET.sub("", line).strip() for line in match["points"].strip().splitlines()]
    if any(": " in one for one in points):
        return "\n".join(["", *points, ""])
    return f"{match['head']}: {', '.join(points)}\n"


@remembered
def _short_sentences(text: str) -> tuple[str, ...]:
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[str]:
    text = rewritten(text, "parted")
    if ":" in text and "\n" in text:
        text = LISTED.sub(_joined_list, text)
    start = 0
    for mark in SENTENCE_END.finditer(text):
        before = text[max(start, mark.start() - 20) : mark.start()]
        goes_on = mark[0] == "." and not text.startswith(STARTS, mark.end())
        if goes_on and SENTENCE.abbreviation.search(before):
            continue
        if piece := tidy(text[start : mark.end()]):
            yield piece
        start = mark.end()
    if piece := tidy(text[start:]):
        yield piece


def tidy(piece: str) -> str:
    """Return a line without its bullet and bold type, and with single spaces."""
    return BOLD.sub(r"\1", BULLET.sub("", " ".join(piece[:LONGEST].split())))


@remembered
def unwrapped(sentence: str) -> str:
    """Return what a statement says: `Turns out I am Al, by the way` -> `I am Al`."""
    return SENTENCE.aside_at_end.sub("", plain(sentence))


def unmarked(line: str) -> str:
    """Return a line without the marks of Markdown."""
    return MARKUP.sub("", line)


@remembered
def plain(sentence: str) -> str:
    """Return a sentence without its courtesies: `Could you please say hi` -> `say hi`.

    A command such as `/remember I am Al` loses its slash.
    """
    sentence = SLASH.sub("", sentence)
    for _ in range(6):
        shorter = SENTENCE.courtesy.sub("", sentence, count=1)
        if shorter == sentence:
            break
        sentence = shorter
    return sentence.strip()


@remembered
def kind(sentence: str) -> Kind:
    """Return whether a sentence asks, orders or states something."""
    core = expand(plain(sentence))
    if _names_only(core):
        return "question"
    if is_order(core) or SENTENCE.demand.match(core):
        return "command"
    asks = core.rstrip("\"'”\u2019)] ").endswith(("?", "\uff1f"))
    is_question = asks or SENTENCE.request.match(core) or SENTENCE.question.match(core)
    return "question" if is_question else "statement"


def _names_only(core: str) -> bool:
    """Return whether a question only names what it asks for: `Code for my locker?`."""
    words = tokens(core.lower())
    if not core.endswith("?") or not 1 < len(words) < 5:
        return False
    return words[1] in {"for", "of"} or (words[0] not in ORDERS and words[-1] in ATTRIBUTES)


def is_order(core: str) -> bool:
    """Return whether a plain sentence begins with what is to be done."""
    words = tokens(core[:80])
    if not words or core[:8].lower() == "call me ":
        return False
    if base(words[0]) not in ORDERS and not _is_imperative(words):
        return False
    if {one.lower() for one in words[1:2]} & (BE - {"being"}) or _names_thing(words):
        return False
    says_done = SENTENCE.item_done.match(core)
    if (
        says_done
        or SENTENCE.hours.match(core)
        or (core.endswith("?") and words[0].lower() == "remember")
    ):
        return False
    return not SENTENCE.request.match(core) and not SENTENCE.question.match(core)


def _names_thing(words: list[str]) -> bool:
    """Return whether words begin with a noun of two words: `Order number is`, `Book club meets`."""
    named = words[0].lower() in NOUNS and words[1:2] and words[1] not in SILENT | VERBS
    return bool(named) and any(map(is_finite, words[2:3]))


def _is_imperative(words: list[str]) -> bool:
    """Return whether words begin with a bare verb and have no other: `Speak like a pirate`."""
    first = words[0].lower()
    if first == "be":
        return len(words) > 1
    if first in WHEN:
        return False
    bare = stem(first) in VERBS and not first.endswith(("s", "ed", "ing"))
    bare = bare and not _modifies(words)
    others = (is_finite(word) or word.lower() in AUXILIARY for word in words[1:])
    return bare and len(words) > 2 and words[1].islower() and not any(others)


def _modifies(words: list[str]) -> bool:
    """Return whether words begin with a noun and what stands before it: `open kitchen`."""
    return words[0].lower() in MODIFIERS and words[1:2] != [] and words[1] not in SILENT


@remembered
def clauses(sentence: str) -> tuple[str, ...]:
    """Return the independent clauses of a sentence: `I am Al and I like tea` has two.

    A second verb gets the subject it shares, and what stands beside a person becomes a clause:
    `I am Al, 41, a baker and live in Rome` has four. A text too long for a sentence is not cut.
    """
    if len(sentence) > LONGEST:
        return (sentence,)
    rest = expand(sentence)
    pieces: list[str] = []
    while rest:
        piece, rest = _first_clause(rest)
        pieces.append(piece)
    cut = [part for piece in pieces if piece for part in appositions(piece)]
    return tuple(part for piece in cut for part in _relative(piece))


def _first_clause(sentence: str) -> tuple[str, str]:
    """Return the first clause and the others, which begin with a subject of their own."""
    for mark in SENTENCE.breaks.finditer(sentence):
        left, right = sentence[: mark.start()].strip(), sentence[mark.end() :]
        if not left or (SENTENCE.conditional.match(left) and "," in mark[0]):
            continue
        if mark[0].strip(" ,") == "and" and not any(map(is_verb, tokens(left)[1:])):
            continue  # `Bo and I met`
        if mark[0].strip() == ";" or begins_clause(right):
            return left, right
        if mark[0].strip(" ,") and (shared := shared_subject(left, right)):
            return left, f"{shared} {right}"
    return sentence.strip(), ""


def _relative(clause: str) -> list[str]:
    """Cut `I have a son called Max who is 3` into a clause about me and one about my son Max."""
    if match := SENTENCE.relative.match(clause):
        return [match["head"], f"my {match['kind']} {match['name']} {match['said']}"]
    said = [f"{one['name']} {one['said']}" for one in SENTENCE.who_is.finditer(clause)]
    return [SENTENCE.who_is.sub(r"\g<name>", clause), *said]


def begins_clause(text: str) -> bool:
    """Return whether a text begins with a subject and its verb."""
    text = SENTENCE.timed.sub("", text)
    words = tokens(text[:80])[:6]
    if len(words) < 2 or words[1].lower() == "who":
        return False
    first = words[0].lower().partition("'")[0]
    if first in SUBJECTS:
        return text[len(words[0]) : len(words[0]) + 1] not in {",", ";"}
    if first in {"this", "that", "mine", "ours", "hers"} and words[1] in BE:
        return True
    if first in DETERMINERS:
        return any(is_finite(word) for word in words[2:])
    acts = words[1].lower() not in SILENT and any(map(is_finite, words[2:3]))
    counted = first.isdecimal() and text[len(first)] == " " and acts
    listed = text[len(words[0]) :][:1] == "," and is_name(words[1])  # `Bo, Al is here`
    named = is_name(words[0]) and not listed
    return counted or (named and any(is_finite(word) for word in words[1:3]))


def is_finite(word: str) -> bool:
    """Return whether a word can be the verb of a subject that is neither `I` nor `you`."""
    lower = word.lower()
    if word[0].isupper() or "'" in word:
        return False
    if lower in AUXILIARY or lower in IRREGULAR_PAST:
        return True
    return lower.endswith(("s", "ed")) and not lower.endswith("ss") and stem(lower) in VERBS


def shared_subject(before: str, right: str) -> str:
    """Return the subject that a verb behind `and` shares with the clause before it, "" if none."""
    words = tokens(right[:40])[:2]
    if not words or not words[0].islower() or words[0].endswith("ing") or _modifies(words):
        return ""
    if words[1:] and words[1] in {"is", "are", "was", "were"}:
        return ""  # `but fish is fine`
    subject = subject_text(before)
    lower = tokens(before.lower())
    if not subject or " to " in before or words[0] in SILENT - AUXILIARY:
        return ""
    if subject.lower() in {"i", "we", "you", "they"}:
        verb = words[0] in IRREGULAR_PAST | {"have", "am", "do"} or stem(words[0]) in VERBS
        plural = words[0].endswith("s") and not words[0].endswith("ss")
        return subject if verb and not plural and len(lower) > 2 and len(words) > 1 else ""
    passive = re.search(rf"{re.escape(subject)} (is|are|was|were) \w+(?:ed|en)\b", expand(before))
    if passive and words[0].endswith(("ed", "en")) and not categories(words[0]):
        return f"{subject} {passive[1]}"
    return subject if is_finite(words[0]) and len(words) > 1 else ""


@remembered
def subject_text(clause: str) -> str:
    """Return what stands before the verb of a clause; "" if there is no verb to be seen."""
    text = expand(clause)
    words = [(match.start(), match[0]) for match in re.finditer(r"[\w'@-]+", text[:200])]
    for index, (start, word) in enumerate(words[:8]):
        if index and (is_finite(word) or (index == 1 and words[0][1].lower() in SUBJECTS)):
            before = words[index - 1][1].lower()
            if before not in DETERMINERS:
                return text[:start].strip()
    return ""


def appositions(clause: str) -> list[str]:
    """Cut `I am Al, 41, a baker from Rome` into a clause for each thing that is said of Al."""
    if "," not in clause:
        return [clause]
    first, *others = [part.strip() for part in re.split(r",\s+", clause) if part.strip()] or [""]
    opened = re.match(r"(.*?)\b(am|is|I'm)\b", expand(first), re.IGNORECASE)
    said = [described(part.removeprefix("and ").rstrip(".")) for part in others]
    if not opened or not others or not all(said):
        return [clause]
    subject = opened[1].strip() or "I"
    verb = "am" if subject.lower() == "i" else opened[2]
    return [first, *(f"{subject} {verb} {part}" for part in said)]


def described(part: str) -> str:
    """Return what an apposition says of somebody, as it stands behind `is`; "" if it is none."""
    words = part.split() or [""]
    if (words[0].isdecimal() and len(words[0]) < 4) or words[0].lower() in NUMBERS:
        return f"{words[0]} years old" if len(words) == 1 or words[1] == "years" else ""
    if words[0] in STATES or (len(words) > 1 and words[0].lower() in {"a", "an", "from"}):
        return part
    return ""


def unquoted(text: str) -> str | None:
    """Return the inside of a text that is one quotation, else None."""
    text = text.strip()
    core = text if text[-1:] in {right for _, right in QUOTES} else text.rstrip(".!?")
    for left, right in QUOTES:
        if len(core) > 1 and core[0] == left and core[-1] == right:
            return core[1:-1]
    return None


def quotation(text: str) -> tuple[str, str] | None:
    """Return the quotation a text starts with and what follows it, else None."""
    for left, right in QUOTES:
        if text.startswith(left):
            end = text.find(right, 1)
            while end > 0 and right in "'\u2019" and text[end + 1 : end + 2].isalnum():
                end = text.find(right, end + 1)  # an apostrophe within a word
            return (text[1:end], text[end + 1 :]) if end > 0 else None
    return None


def as_clause(text: str) -> str:
    """Return a sentence for use inside another: no capital but of a name, no full stop."""
    text = text.strip().rstrip(".!,;: ")
    first = text.split(" ", 1)[0]
    lowers = first != "I" and first.lower() in SILENT | WHEN
    return text[:1].lower() + text[1:] if lowers else text


@remembered
def is_factual(text: str) -> bool:
    """Return whether a statement has a subject and a verb, or a key and a value."""
    lower = [word.lower() for word in tokens(expand(text[:400]))]
    if re.search(r"[=]|\w:\s", text[:400]):
        return True
    if len(lower) < 2 or lower[:2] == ["a", "bit"]:
        return False
    if (lower[0] in NUMBERS or lower[0].isdecimal()) and AUXILIARY.isdisjoint(lower):
        return not IRREGULAR_PAST.isdisjoint(lower) or lower[1] == "of"
    if not ACTING.isdisjoint(lower[:4]):
        acts = lower[0] in {"i", "we"} and is_verb(lower[1])
        return len(lower) > 2 or "'" in lower[0] or acts
    several = lower[0].endswith("s") and lower[0] not in SILENT and is_verb(lower[1])
    told = several or (lower[0] in ACTORS and lower[1].endswith("ed"))
    told = told or any(is_finite(word) or word in AUXILIARY for word in lower[1:8])
    return told or (lower[0] in SUBJECTS | DETERMINERS and any(map(is_verb, lower[1:4])))
