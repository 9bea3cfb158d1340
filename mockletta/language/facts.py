"""Facts: single clauses that someone told, with what they are about, and what outdates them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from mockletta.language.clause_meaning import (
    GIVEN_NAMES,
    IMPLIED,
    KEYED,
    Ownership,
    implied,
    labels_of,
    ownerships_of,
    stated,
    subject_words,
)
from mockletta.language.retelling import (
    about_the_agent,
    about_the_user,
    plain_verb,
    to_second_person,
    with_own,
)
from mockletta.language.sentences import (
    DETERMINERS,
    LONGEST,
    is_finite,
    subject_text,
)
from mockletta.language.supersession import Slot, slots_of
from mockletta.language.words import (
    ATTRIBUTES,
    BE,
    FIRST_PERSON,
    MANY,
    NEGATIVE,
    QUITTING,
    SECOND_PERSON,
    SHORT,
    THIRD_PERSON,
    as_sentence,
    base,
    categories,
    concepts,
    expand,
    is_name,
    is_verb,
    lexicon,
    lower_words,
    patterns,
    rewritten,
    root,
    tokens,
    word_set,
)

CHANGE = patterns("change")
PROMPT = patterns("prompt")
SENTENCE = patterns("sentence")
CLAUSE = patterns("clause")
FACT = patterns("fact")

Owner = Literal["user", "agent", "other"]
Teller = Literal["user", "human", "persona", "note", "client", "tool"]
RETELL: Mapping[Teller, Callable[[str], str]] = {
    "user": to_second_person,
    "human": about_the_user,
    "persona": lambda text: rewritten(about_the_agent(text), "retold"),
    "note": to_second_person,
    "tool": lambda text: text,
}
OF_PERSONS = lexicon("of_persons")
VOICES: dict[Teller, tuple[Owner, Owner, Owner]] = {
    "user": ("user", "agent", "other"),
    "human": ("user", "user", "user"),
    "persona": ("agent", "agent", "agent"),
    "note": ("user", "agent", "other"),
    "client": ("other", "other", "other"),
    "tool": ("other", "other", "other"),
}
MEMORY_TOOLS = word_set(
    """memory_insert memory_replace memory_rethink memory core_memory_append core_memory_replace
    archival_memory_insert memory_apply_patch"""
)
ELLIPTIC = re.compile(
    r"(?:(?:(?:my|our|the|his|her) \w+|(?-i:[A-Z][\w-]+))'s|mine|ours|hers)"
    r"(?= (?:is|are|was|were) )",
    re.IGNORECASE,
)
OWNER = re.compile(r"^(?:.*'s|my|our|the|his|her) (?=\w)", re.IGNORECASE)
EMPLOYED = re.compile(
    r"\b(?:I am|I have been|we are|we have been) (?:now )?(?:with|at) (?P<name>[A-Z][\w-]*)"
)
OBJECT = re.compile(r" (?:him|her|them)([.!]*)$", re.IGNORECASE)
EXCEPTED = re.compile(r"(?:,? (?:but|and)|,) (?=no\b|not\b|never\b)", re.IGNORECASE)
RENEWED_ONE = re.compile(r"^(?:the )?(?:new|current|right|correct) (?:one|number) ", re.IGNORECASE)
IDENTIFYING = ATTRIBUTES - word_set("room office team group desk platform gate")
RENEWED = re.compile(r"^(?:new|updated|current) ")
STATED = word_set("due in on at from for with late ready valid")
ADVERB = re.compile(r" (?:just|also|now|still|already|really)$")
NAMED = re.compile(r"\bis (?:called |named )?([A-Z][\w'-]+)")
POSSESSIVES = {"mine": "my", "ours": "our", "hers": "her"}
TIMES = {root("time"): "clock", root("date"): "day"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A clause someone told.

    `concepts` is what it says in so many words, `maybe` what it can be taken to imply, `labels`
    what it gives a value to. `slots` are what it settles: a newer fact with the same one outdates
    it. `text` is how it is told, `clause` the part that tells something new.
    """

    text: str
    clause: str
    concepts: frozenset[str]
    maybe: frozenset[str]
    labels: frozenset[str]
    subject: Owner
    ownerships: tuple[Ownership, ...]
    negated: bool
    remembered: bool
    teller: Teller
    slots: frozenset[Slot] = frozenset()

    @property
    def spelling(self) -> str:
        return self.text.rstrip(".!").lower()

    @property
    def words(self) -> list[str]:
        """Return the words of the clause in lower case."""
        return lower_words(self.clause)

    def retold(self) -> str:
        """Return the fact as the agent tells it to the user, a sentence."""
        says = any(map(is_verb, self.clause.partition(":")[0].split()[1:]))
        if self.teller == "user" and self.remembered and not says:
            told = to_second_person(self.clause).rstrip(".")
            return f"You asked me to remember {told}."
        if self.teller == "client":
            return f"According to your client: {self.text.rstrip('.')}."
        return as_sentence(RETELL[self.teller](self.text))


def as_told(line: str, teller: Teller) -> str:
    """Write `Name: Al` in a block that is about someone as a sentence: `My name is Al`."""
    if teller in ("user", "human") and (untold := FACT.without_subject.match(line)):
        line = f"I {'am ' if untold['state'] else ''}{line[0].lower()}{line[1:]}"
    match = KEYED.match(line)
    if match is None or len(match[1].split()) > 3:
        verb, _, rest = line.partition(" ")
        acts = teller == "human" and rest and verb[:1].isupper() and is_finite(verb.lower())
        does = f"I {'am' if verb == 'Is' else plain_verb(verb.lower())} {rest}"
        return with_own(does) if acts else line
    if FACT.untold.match(match[2]):
        return ""
    key = RENEWED.sub("", match[1].lower())
    verb, _, rest = key.partition(" ")
    if teller == "human" and is_finite(verb):
        joint = ": " if rest.endswith("s") else " "
        return with_own(f"I {plain_verb(verb)} {rest}{joint}{match[2]}".replace("  ", " "))
    mine = match[1].lower().startswith(("my ", "our "))
    verb = "are" if match[1].endswith("s") and not match[1].endswith("ss") else "is"
    if mine and (teller != "user" or not (key.endswith("list") or "," in match[2])):
        return f"{match[1]} {verb} {match[2]}"
    owned = teller in ("human", "persona") or (teller == "user" and key in OF_PERSONS)
    return f"My {key} {verb} {match[2]}" if owned else line


def topic_of(text: str) -> frozenset[str]:
    """Return the concepts of what is named, as facts have them: `email` of `my email address`."""
    return frozenset(concepts(tokens(rewritten(expand(text), "phrase"))))


def is_about(fact: Fact, topic: frozenset[str]) -> bool:
    """Return whether a fact says something of every concept of a topic; a clock tells a time."""
    said = fact.concepts | fact.maybe
    return topic <= said | {time for time, sign in TIMES.items() if sign in said}


def completed(clause: str, anchor: Fact | None) -> str:
    """Write `my dad's is in May` as `my dad's birthday is in May` after a birthday.

    The one whom the fact before was about takes the place of `him` at the end. After a job that
    has ended, `I am with Acme` tells where I work.
    """
    who = subject_text(anchor.clause) if anchor else ""
    if meant := OBJECT.search(clause):
        named = is_name(who) or who.lower().startswith(("my ", "our "))
        return f"{clause[: meant.start()]} {who}{meant[1]}" if named else clause
    employed = EMPLOYED.search(clause) if anchor and CHANGE.worked.search(anchor.text) else None
    if anchor and employed and employed["name"].lower() not in GIVEN_NAMES:
        worked = not {"work", "job", "leave"}.isdisjoint(anchor.concepts)
        return EMPLOYED.sub(r"I work at \g<name>", clause) if worked else clause
    elliptic, owner = ELLIPTIC.match(clause), OWNER.match(who)
    if elliptic is None or owner is None or who.endswith("'s"):
        return clause
    whose = POSSESSIVES.get(elliptic[0].lower(), elliptic[0])
    return f"{whose} {who[owner.end() :]}{clause[elliptic.end() :]}"


def refers_back(fact: Fact) -> bool:
    """Return whether a fact begins with a word for what was told before."""
    points = fact.words[0] in THIRD_PERSON or FACT.points_back.match(fact.clause)
    return bool(points) and not CHANGE.impersonal.match(fact.clause)


def referent(anchor: Fact, word: str) -> str:
    """Return what `she` or `it` stands for after a fact: `my puppy` after `I got a puppy`."""
    subject = ADVERB.sub("", subject_text(anchor.clause))
    subject = re.sub(r"(?<='s) name$", "", subject).removesuffix("'s")
    got = FACT.got.match(anchor.clause)
    if got and (word in {"it", "its"} or subject.lower() in {"i", "we"}):
        owner = "my" if subject.lower() in {"i", "we"} else f"{subject}'s"
        return f"{owner} {got['thing']}"
    named = NAMED.search(anchor.clause)
    if named and subject.lower() in {"her name", "his name", "its name"}:
        return named[1]
    if word in {"he", "she"} and "'s " in subject:
        return subject.rpartition("'s ")[0]
    return subject if subject.lower() not in {"i", "we", "you", "it"} else ""


def joined(anchor: Fact | None, fact: Fact) -> Fact:
    """Return a fact with what its first word refers to."""
    if anchor is None:
        return replace(fact, ownerships=(*fact.ownerships, Ownership(frozenset())))
    pointed = fact.words[0] in THIRD_PERSON or RENEWED_ONE.match(fact.clause)
    subject = referent(anchor, fact.words[0]) if pointed else ""
    said = fact.words[1:3]
    done = not STATED.isdisjoint(said[1:]) or "".join(said[1:]).endswith(("ed", "en"))
    acts = fact.words[0] == "it" and said and (said[0] not in BE or done)
    bearer, _, identified = subject.rpartition(" ")
    first, _, rest = fact.clause.partition(" ")
    rest = RENEWED_ONE.sub("", rest)
    owned = "'s" if first.lower() in {"his", "her", "its", "their"} else ""
    of_bearer = identified.lower() in IDENTIFYING and bearer.lower() not in DETERMINERS
    if of_bearer and (acts or owned):
        subject = bearer.removesuffix("'s")  # a flight departs, not its number
    whole = read(f"{subject}{owned} {rest}", fact.teller, fact.remembered) if subject else None
    if whole is not None:
        named = NAMED.search(anchor.clause) if anchor.clause.startswith(subject) else None
        names = frozenset(concepts([named[1]] if named else []))
        return replace(whole, maybe=whole.maybe | names | (anchor.maybe - IMPLIED))
    text = f"{as_sentence(anchor.text)} {as_sentence(fact.clause)}"
    ownerships = (*anchor.ownerships, *fact.ownerships, Ownership(anchor.concepts))
    return replace(
        fact, text=text, concepts=fact.concepts | anchor.concepts, maybe=fact.maybe | anchor.maybe,
        subject=anchor.subject, ownerships=ownerships, remembered=False, slots=frozenset(),
    )  # fmt: skip


def read(clause: str, teller: Teller, remembered: bool = False) -> Fact | None:
    """Read one clause. None if no word of it says anything."""
    reader = _read_short if len(clause) <= SHORT else _read
    return reader(clause[:LONGEST], teller, remembered)


def _read(clause: str, teller: Teller, remembered: bool) -> Fact | None:
    text = rewritten(expand(clause), "called")
    meant = rewritten(text, "phrase")
    words = tokens(meant)
    said = frozenset(concepts(words)) | {kind for word in words for kind in categories(word)}
    lower = [word.lower() for word in words]
    if not said and "-" not in text and not any(word in SECOND_PERSON for word in lower):
        return None
    first = lower_words(EXCEPTED.split(meant, maxsplit=1)[0])
    negated = not (NEGATIVE | QUITTING).isdisjoint(first)
    fact = Fact(
        text=text,
        clause=text,
        concepts=said | stated(words, lower),
        maybe=implied(words, lower, meant),
        labels=labels_of(words, text),
        subject=_subject(lower, teller),
        ownerships=tuple(ownerships_of(words, lower)),
        negated=negated,
        remembered=remembered,
        teller=teller,
    )
    return replace(fact, slots=slots_of(fact, lower)) if said else None


_read_short = lru_cache(MANY)(_read)


def _subject(lower: list[str], teller: Teller) -> Owner:
    first, second, other = VOICES[teller]
    for word in subject_words(lower):
        if word in FIRST_PERSON:
            return first
        if word in SECOND_PERSON:
            return second
        if base(word) == "user":
            return "user"
    return other
