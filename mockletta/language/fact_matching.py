"""Fact matching: which of many facts answer a question, and how well."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from mockletta.language.answer_forms import (
    LOOK,
    SETTLED,
    TIME_CONCEPTS,
    fits,
    to_come,
)
from mockletta.language.clause_meaning import (
    RELATIVE_DAYS,
    TRADE,
    Ownership,
    word_form,
)
from mockletta.language.facts import Fact, read
from mockletta.language.questions import Query
from mockletta.language.sentences import subject_text
from mockletta.language.words import (
    ATTRIBUTES,
    CATEGORIES,
    FIRST_PERSON,
    KIN,
    PERSONS,
    SECOND_PERSON,
    THIRD_PERSON,
    categories,
    concept,
    concepts,
    is_name,
    is_verb,
    lexicon,
    lower_words,
    name_words,
    patterns,
    remembered,
    root,
    rows,
    tokens,
    word_set,
)

ANSWER = patterns("answer")
ARGUMENT = patterns("argument")
CHANGE = patterns("change")
QUESTION = patterns("question")

NAMES_SOMEBODY = re.compile(
    r"\b(?:is|are|was|called|named)(?: (?!(?:from|in|at|on|with|for)\b)\w+)? [A-Z]|^[A-Z]\w+ is my"
)
STEP = re.compile(r"(?:[^\W\d]+ \d{1,2}|\w+day)\b(?=\W+\w)", re.IGNORECASE)
STEPS = re.compile(rf"(?:[,;] (?:and )?| and )(?={STEP.pattern})", re.IGNORECASE)
NAMING = re.compile(r" (?:called|named) \S+")
BY_NAME = re.compile(r"\bby [A-Z]")
LOOKS = {root(one): (ARGUMENT, look) for look, line in rows("look").items() for one in line.split()}
LOOKS |= {root(word): (LOOK, word) for word in lexicon("shown")}
PERSONAL = FIRST_PERSON | SECOND_PERSON | word_set("he she they someone everyone somebody")
GENERIC = frozenset([*concepts(lexicon("generic")), "use"])
LIGHT = frozenset(concepts(lexicon("light_verbs")))
OPEN = frozenset(concepts(lexicon("open_verbs")))
PERSONAL_VERBS = frozenset({"live", "like"})
QUALITIES = frozenset(concepts(lexicon("qualities")))
OWN_VALUES = frozenset(concepts(ATTRIBUTES))
NAMED_TIMES = {word for word, kinds in CATEGORIES.items() if {"day", "month"} & {*kinds}}
NAMED_TIMES |= {*concepts(RELATIVE_DAYS)}
MOST, MOST_ALIKE, MOST_RELATED, REACH = 6, 3, 400, 2


def best(asked_for: Query, facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts that answer a question fully: one, or several where it asks for all.

    The highest overlap wins; of equals the one told last.
    """
    ranked = [item for item in scored(asked_for, facts) if item[0] >= 1]
    if not ranked:
        return []
    if asked_for.about:
        found = [item[4] for item in sorted(ranked, key=lambda item: item[3])]
        return [one for one in found if not any(_tells_more(other, one) for other in found)][-MOST:]
    first = max(ranked, key=lambda item: item[:4])
    alike = [item[4] for item in ranked if item[:3] == first[:3]]
    return alike[-MOST_ALIKE:] if asked_for.nouns and not asked_for.verbs else [first[4]]


def _tells_more(fact: Fact, other: Fact) -> bool:
    """Return whether a fact tells another one together with something else."""
    return fact is not other and fact.text != fact.clause and other.clause in fact.text


def closest(asked_for: Query, facts: Sequence[Fact]) -> Fact | None:
    """Return the fact nearest to an answer, where more than half of the question is met."""
    needed = 0.5 if asked_for.wants == "polar" else 0.6
    ranked = [item for item in scored(asked_for, facts) if needed <= item[0] < 1]
    if any(map(str.isdecimal, asked_for.concepts)):
        ranked = [item for item in ranked if "number" in item[4].maybe] or ranked
    return max(ranked, key=lambda item: item[:4])[4] if ranked else None


def related(asked_for: Query, sources: Iterable[Sequence[Fact]]) -> list[Fact]:
    """Return the fact that shares most with a question, of equals the newest of the first source.

    Facts beside it follow that share what it does not: the pin beside the account it is for.
    """
    asked = {*asked_for.concepts} - GENERIC - TIME_CONCEPTS - {"like"}
    wanted = (asked - LIGHT) or asked
    strong = wanted - asked_for.verbs - QUALITIES - NAMED_TIMES
    most = 0.6 * len(asked_for.concepts)
    lists = [facts[-MOST_RELATED:] for facts in sources]
    shared = [[_shared(asked_for, one, wanted) for one in facts] for facts in lists]
    counts = Counter(word for words in chain.from_iterable(shared) for word in words)
    ranked = []
    for which, facts in enumerate(lists):
        for at, fact in enumerate(facts):
            words = shared[which][at]
            suits = _suits(asked_for, fact)
            if (strong or words) & words or len(words) > most or (words and suits):
                weight = sum(1 / counts[word] for word in words)
                mine = owned(asked_for, fact)
                ranked.append((len(words) + weight + suits + mine, -which, at))
    if not ranked:
        return []
    _, which, at = max(ranked)
    near = range(max(at - REACH, 0), min(at + REACH + 1, len(lists[-which])))
    facts, found = lists[-which], shared[-which]
    more = (one for one in near if found[one] & facts[one].concepts - found[at] - {"name"})
    return [facts[one] for one in (at, *more)]


def _shared(asked_for: Query, fact: Fact, wanted: set[str]) -> set[str]:
    """Return the concepts of a question that a fact about the same person has, or as a stem."""
    words = {one for one in wanted if degree(fact, one) > (one in QUALITIES) / 2}
    words = words or {one for one in wanted if not stems(one).isdisjoint(stems(fact.text))}
    return words if words - QUALITIES or (words and owned(asked_for, fact)) else set()


def _suits(asked_for: Query, fact: Fact) -> float:
    """Return 1 for a fact that has the time, place, number or person that is asked for."""
    who = asked_for.text.lower().startswith("who")
    special = asked_for.wants not in {"thing", "polar"}
    return float(names_somebody(fact) if who else special and fits(asked_for, fact))


@remembered
def stems(text: str) -> frozenset[str]:
    """Return the roots of all parts of the words of a text: `TypeError` has `error`."""
    return frozenset(concepts(name_words(text)))


def is_to_the_point(asked_for: Query, facts: Sequence[Fact], known: frozenset[str]) -> bool:
    """Return whether facts may hold the answer: what they miss is told elsewhere, as a topic."""
    missing = set.intersection(*(missed(asked_for, one) for one in facts))
    missing -= NAMED_TIMES | {"work"}
    named = concepts(word for word in tokens(asked_for.text)[1:] if is_name(word))
    is_sure = missing.isdisjoint(PERSONS.union(OWN_VALUES, named))
    is_sure = is_sure and (
        missing <= known or any(_suits(asked_for, one) and one.teller != "user" for one in facts)
    )
    is_sure = is_sure and not asked_for.surname
    told = any(eligible(asked_for, one) or _is_of_nobody(asked_for, one) for one in facts)
    return is_sure and told and 2 * len(missing) <= len(asked_for.concepts)


def _is_of_nobody(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact of the right form is about nobody else: `The project ships in May`."""
    others = fact.concepts.difference(asked_for.concepts) & PERSONS
    return not others and "name" not in asked_for.concepts and applies(asked_for, fact)


def missed(asked_for: Query, fact: Fact) -> set[str]:
    """Return the things and persons asked about of which a fact says nothing."""
    missing = {one for one in asked_for.concepts if not degree(fact, one)}
    missing -= _kinds_told(asked_for, fact)
    return missing - asked_for.verbs - GENERIC - TIME_CONCEPTS - LIGHT


def names_somebody(fact: Fact) -> bool:
    return not PERSONS.isdisjoint(fact.concepts) or any(map(is_name, tokens(fact.text)[1:]))


def is_light(asked_for: Query) -> bool:
    """Return whether a question says little but its form: `Where am I going?`."""
    return LIGHT.union(OPEN).issuperset(asked_for.concepts)


def step_asked_for(asked_for: Query, fact: Fact) -> Fact | None:
    """Return the step of a plan that a question names: `day 2 Oslo` of `day 1 Rome, day 2 Oslo`."""
    head, mark, plan = fact.text.partition(": ")
    if STEP.match(fact.text):
        head, mark, plan = "", "", fact.text
    items = [one for one in STEPS.split(plan) if (step := STEP.match(one))
             and re.search(word_form(step[0]), asked_for.text, re.IGNORECASE)]  # fmt: skip
    return read(f"{head}{mark}{items[0]}", fact.teller) if len(items) == 1 else None


def scored(asked_for: Query, facts: Sequence[Fact]) -> list[tuple[float, float, int, int, Fact]]:
    """Return every eligible fact with its coverage (0 to 1), overlap, fit and position."""
    counts = Counter(word for fact in facts for word in fact.concepts)
    weights = [math.log(1 + (len(facts) + 1) / (counts[word] + 0.5)) for word in asked_for.concepts]
    found = []
    for position, fact in enumerate(facts):
        denies = fact.negated and asked_for.wants == "polar"
        degrees = [degree(fact, word, denies) for word in asked_for.concepts]
        if any(degrees) and eligible(asked_for, fact):
            overlap = sum(w * d for w, d in zip(weights, degrees, strict=True))
            overlap *= 0.5 if contrary(asked_for, fact) else 1
            coverage = covered(asked_for, fact, degrees)
            found.append((coverage, round(overlap, 9), -surplus(asked_for, fact), position, fact))
    return found


def covered(asked_for: Query, fact: Fact, degrees: list[float]) -> float:
    """Return how much of a question a fact meets, from 0 to 1.

    `Which gate do I need?` is met by `gate B22`, whatever it is needed for, and `Which tool does he
    use?` by what he uses.
    """
    missing = [w for w, d in zip(asked_for.concepts, degrees, strict=True) if not d]
    look = LOOKS.get(missing[0]) if len(missing) == 1 else None
    if look and getattr(*look).search(fact.text):
        return 1
    if len(missing) < len(degrees):
        light = LIGHT if asked_for.wants != "polar" else frozenset[str]()
        light |= {"like"} if asked_for.text.lower().startswith("how ") else set()
        missing = [word for word in missing if word not in GENERIC | light]
    owned_by = {word for one in fact.ownerships[:1] for word in one.owner}
    if asked_for.noun in fact.labels | owned_by:
        missing = [word for word in missing if word not in asked_for.verbs]
    elif (kinds := _kinds_told(asked_for, fact)).issuperset(missing):
        missing = [word for word in missing if word not in kinds]
    return 1 - len(missing) / len(degrees)


def _kinds_told(asked_for: Query, fact: Fact) -> frozenset[str]:
    """Return the kind of thing asked for, unless a fact tells an age, a time or a place instead.

    To `What breed is my dog?` a fact must say more than that there is a dog, its name and colour.
    """
    told = {slot[-1] for slot in fact.slots} & {"age", "time", "live", "place"}
    words = tokens(NAMING.sub("", fact.clause))
    words = [one for one in words if not is_verb(one) and "color" not in categories(one)]
    named = {word for one in fact.ownerships[:1] for word in one.owner}
    looks = (getattr(*LOOKS[one]) for one in asked_for.nouns if one in LOOKS)
    if not asked_for.verbs and any(not look.search(fact.text) for look in looks):
        return frozenset()
    more = asked_for.verbs or {*concepts(words)} - {*asked_for.concepts} - named - NAMED_TIMES
    return asked_for.nouns if more and told.issubset(asked_for.concepts) else frozenset()


def degree(fact: Fact, word: str, denies: bool = False) -> float:
    """Return how far a fact meets one concept: 1 said, 0.5 implied or akin, 0 not at all.

    What `denies` a kind of thing denies each thing of that kind: no siblings, no brother. What
    denies one thing of a kind denies no other.
    """
    kinds = {*categories(word)} if denies else set()
    kinds -= {kind for said in (fact.concepts if kinds else ()) for kind in categories(said)}
    if word in fact.concepts or not fact.concepts.isdisjoint(kinds):
        return 1.0
    if word == "live" and ("user", "live") in fact.slots:
        return 1.0
    akin = word in fact.maybe or not KIN.get(word, frozenset()).isdisjoint(fact.concepts)
    return 0.5 if akin else 0.0


def surplus(asked_for: Query, fact: Fact) -> int:
    """Return how much a fact says beside what is asked, or leaves to a word like `it`."""
    joined = fact.text != fact.clause
    owners = [word for one in fact.ownerships[:1] for word in one.owner]
    kinds = {kind for word in asked_for.concepts for kind in categories(word)}
    kinds |= {"name"} if asked_for.text.lower().startswith("who") else set()
    extra = [word for word in owners if word not in kinds.union(asked_for.concepts)]
    who = asked_for.text.lower().startswith("who is") and not NAMES_SOMEBODY.search(fact.text)
    aged = "age" in fact.maybe and "age" not in asked_for.concepts
    later = to_come(fact.text) and not to_come(asked_for.text)
    later |= asked_for.wants == "number" and CHANGE.more_or_less.search(fact.text) is not None
    valueless = not fact.slots and QUESTION.of_value.match(asked_for.text) is not None
    return len(extra) + joined + who + ("it" in fact.words) + aged + later + valueless


def eligible(asked_for: Query, fact: Fact) -> bool:
    return owned(asked_for, fact) and applies(asked_for, fact)


def applies(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact is so now, and of the form of an answer."""
    if asked_for.negated and not fact.negated:
        return False
    if fact.text[:3].lower() == "if " and "if" not in asked_for.text.lower().split():
        return False
    is_past = CHANGE.past.search(fact.clause) and not CHANGE.past.search(asked_for.text)
    if is_past and asked_for.wants != "polar" and not QUESTION.of_past.search(asked_for.text):
        return False
    if SETTLED & fact.slots and to_come(asked_for.text) and not to_come(fact.text):
        return False
    wished = "live" in asked_for.concepts and CHANGE.wished.search(fact.text)
    if wished and asked_for.wants != "polar" and not CHANGE.wished.search(asked_for.text):
        return False
    disliked = contrary(asked_for, fact) and {"like", "favorite"} & {*asked_for.concepts}
    return not disliked and fits(asked_for, fact) and acts(asked_for, fact)


def acts(asked_for: Query, fact: Fact) -> bool:
    """Return whether a person does what a fact tells, if a question asks who does it.

    To `Who is my boss?` it must say more than where she is or what she does.
    """
    subject = subject_text(fact.clause)
    if (asks := ANSWER.who_is.match(asked_for.text)) and asks["thing"].lower() == subject.lower():
        return ANSWER.beside.match(fact.clause[len(subject) :]) is None
    if fact.teller == "tool" or not QUESTION.who_acts.match(asked_for.text):
        return True
    words = tokens(subject) or [""]
    if QUESTION.who_to_me.match(asked_for.text) and words[0].lower() in {"i", "we"}:
        return False
    if BY_NAME.search(fact.text):
        return True
    person = (concept(word) in PERSONS or TRADE.match(word) for word in words if word)
    return words == [""] or any(map(is_name, words)) or any(person) or words[0].lower() in PERSONAL


def contrary(asked_for: Query, fact: Fact) -> bool:
    return fact.negated and not asked_for.negated and asked_for.wants != "polar"


def owned(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact is about the person asked about: my name is not my dog's name."""
    if fact.teller == "client" and (fact.labels or asked_for.possesses):
        is_agents = "agent" in fact.labels and asked_for.owner == "user"
        return not is_agents and not fact.labels.isdisjoint(asked_for.concepts)
    if fact.teller == "tool" and asked_for.concepts == ("name",) and asked_for.owner == "user":
        return asked_for.returned
    asks_who = QUESTION.who_does.match(asked_for.text) and fact.subject != "agent"
    if asked_for.owner == "other":
        return fact.subject != "agent" or not refers(asked_for)
    if asks_who or fact.teller in ("client", "tool"):
        return True
    if asked_for.concepts == ("name",) and not (
        fact.subject == asked_for.owner and QUESTION.tells_name.search(fact.text)
    ):
        return False
    is_own = fact.subject == asked_for.owner
    is_ours = is_own and asked_for.owner == "agent" and fact.teller == "persona"  # `our shop`
    return is_ours or ((is_own or _tells_too(asked_for, fact)) and opened(asked_for, fact))


def _tells_too(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact about something else may tell of the person asked about."""
    acting = asked_for.acting and "'" not in asked_for.text
    of_agent = fact.teller == "note" and asked_for.owner == "agent"
    if (of_agent or fact.teller == "persona") and PERSONAL.isdisjoint(fact.words[:3]):
        return asked_for.owner != "user" or asked_for.verbs.isdisjoint(PERSONAL_VERBS)
    is_thing = asked_for.noun in concepts(tokens(subject_text(fact.clause)))
    return fact.subject == "other" and asked_for.owner == "user" and (is_thing or not acting)


def refers(asked_for: Query) -> bool:
    """Return whether a question says `she` or `it` for what it is about."""
    return not THIRD_PERSON.isdisjoint(lower_words(asked_for.text))


def opened(asked_for: Query, fact: Fact) -> bool:
    words = {*asked_for.concepts} | {
        kin for word in asked_for.concepts for kin in KIN.get(word, ())
    }
    words |= {"city"} if "live" in words and ("user", "live") in fact.slots else set()
    return all(owner_is_asked_for(one, words, asked_for, fact) for one in fact.ownerships)


def owner_is_asked_for(held: Ownership, words: set[str], asked_for: Query, fact: Fact) -> bool:
    if held.things and held.things.isdisjoint(words):
        return True
    if not held.owner.isdisjoint(words):
        return True
    is_thing = bool(held.owner) and held.owner.isdisjoint(PERSONS) and not held.things
    said = all(word in fact.concepts for word in asked_for.concepts if word not in asked_for.verbs)
    named = {asked_for.noun, *asked_for.concepts} & fact.labels or " the " in asked_for.text
    return is_thing and said and bool(named)
