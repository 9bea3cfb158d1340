"""Answers to questions: in sentences, or bare where a message or a schema wants that."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from mockletta.brain.history import texts_before
from mockletta.default_brain.memory.bare_values import bare, listed_values, value
from mockletta.default_brain.memory.denials import said_on, topic, unanswered
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.reckoned_answers import graded, things_of, total, with_changes
from mockletta.language.answer_forms import fits, is_ahead, is_list
from mockletta.language.fact_matching import (
    best,
    closest,
    is_light,
    is_to_the_point,
    missed,
    names_somebody,
    related,
    step_asked_for,
)
from mockletta.language.facts import Fact
from mockletta.language.memory_orders import REMOVING, memory_order
from mockletta.language.questions import Query, asked, asked_last, choices, parts, query
from mockletta.language.sentences import as_clause, subject_text
from mockletta.language.small_talk import MOCK
from mockletta.language.supersession import is_opposed
from mockletta.language.words import (
    as_sentence,
    categories,
    concept,
    concepts,
    lexicon,
    patterns,
    rewritten,
    tokens,
)

ANSWER = patterns("answer")
BARE = patterns("bare")
CHANGE = patterns("change")
QUESTION = patterns("question")

OWNER = re.compile(r"\b(?:my|our|your|the|his|her|their)(?: [\w-]+'s)?(?= )|\b[A-Z][\w-]+'s(?= )")
PERSON = re.compile(r"\b(?:my|our|the|his|her) \w+(?:'s)?|(?<!^)\b[A-Z][\w-]+(?:'s)?|\bI\b")
POSSESSING = {
    "mine": "my", "ours": "our", "yours": "your", "hers": "her", "his": "his", "theirs": "their"
}  # fmt: skip
HERS = frozenset({"her", "his", "their"})
IN_QUESTIONS = {"me": "I", "us": "we", "him": "he"}
MOST_BEFORE = 4
IN_USE = frozenset(concepts(lexicon("in_use"))) | {"use"}
LEFT_OPEN = (" do", " with", " for", " about", " from", " to")
LISTING = re.compile(r"[:,] |\d")
WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
Answered = tuple[Query, list[Fact]]


def answered(text: str, sources: Sources) -> list[Answered]:
    """Return the questions of a message, each with the facts of the first source that has any."""
    if found := about_another(text, sources):
        return found
    for one in asked(text):
        if most := graded(one, sources.history):
            return [(query(one), most)]
    queries = [one for one in map(query, asked(text)) if one.concepts or one.kept or _is_open(one)]
    found = [found for item in queries for found in resolve(item, sources)]
    return found if is_known(found) else follow_up(text, sources) or found


def _is_open(asked_for: Query) -> bool:
    """Return whether a question names its thing by a pronoun at most, as `When is it?` does."""
    refers = asked_for.text.endswith(LEFT_OPEN) and ANSWER.pronoun.search(asked_for.text)
    wants_value = asked_for.wants in {"time", "place", "number"} and asked_for.owner != "agent"
    past = asked_for.owner != "agent" and QUESTION.before.search(asked_for.text)
    return wants_value or bool(refers or past)


def about_another(text: str, sources: Sources) -> list[Answered]:
    """Answer `And my sister's?` by what it asks; that mine is not known is also an answer."""
    meant = asked_of_another(text, sources)
    found = resolve(query(meant), sources) if meant else []
    return found if is_known(found) or text.strip(" ?").endswith("mine") else []


def asked_of_another(text: str, sources: Sources) -> str:
    """Return the question before `And my sister's?`, with that owner or name in it; "" if none."""
    if (other := QUESTION.elliptic.match(text.strip())) is None:
        return ""
    who = POSSESSING.get(other["who"].lower(), other["who"])
    part = OWNER if who.endswith("'s") or who in POSSESSING.values() else PERSON
    part = WEEKDAY if WEEKDAY.fullmatch(who) else part
    before = texts_before(sources.call.messages, MOST_BEFORE)
    whole = (
        query(one).text
        for one in map(asked_last, before)
        if who in HERS or not QUESTION.elliptic.match(one)
    )
    asked_before = next((one for one in whole if part.search(one)), "")
    return part.sub(IN_QUESTIONS.get(who.lower(), who), asked_before, count=1)


def follow_up(text: str, sources: Sources) -> list[Answered]:
    """Answer a fragment like `Since when?` by what the messages before it were about."""
    wanted = query(text)
    if not (fragment := QUESTION.fragment.match(wanted.text)):
        return []
    noun = concept(fragment["noun"]) if fragment["noun"] and wanted.wants != "time" else None
    fitting = (one for one in spoken_of(sources) if fits(wanted, one))
    found = next((one for one in fitting if noun is None or noun in one.concepts), None)
    return [(wanted, [found])] if found else []


def spoken_of(sources: Sources, most: int = MOST_BEFORE) -> Iterator[Fact]:
    """Yield what the last messages were about, the newest first: a return, answers, statements."""
    messages = sources.call.messages
    if any(one.role == "tool" for one in messages[-MOST_BEFORE:]):
        yield from sources.returned[-1:]
    before = texts_before(messages, most)
    for text, told in zip(before, reversed(sources.told.recent[:-1]), strict=False):
        yield from (fact for one in asked(text) for fact in lookup(query(one), sources))
        yield from (one for one in reversed(told) if one in sources.history)


def is_known(answers: list[Answered]) -> bool:
    """Return whether there are questions, and facts for all of them."""
    return bool(answers) and all(facts for _, facts in answers)


def resolve(asked_for: Query, sources: Sources) -> list[Answered]:
    pieces = parts(asked_for)
    whole_questions = len(pieces) > 1 and all(QUESTION.wh.match(piece.text) for piece in pieces)
    found = [] if whole_questions else lookup(asked_for, sources)
    if found:
        return [(asked_for, [step_asked_for(asked_for, one) or one for one in found])]
    either = [(one, best_of) for one in choices(asked_for) if (best_of := lookup(one, sources))]
    if either:
        return [min(either, key=lambda one: one[1][-1].negated)]
    split = [(part, lookup(part, sources)) for part in pieces]
    if whole_questions or any(facts for _, facts in split):
        return split
    return [_otherwise(asked_for, sources)]


def _otherwise(asked_for: Query, sources: Sources) -> Answered:
    """Answer a question in other words, for what its pronoun means, or by an item of a plan."""
    other = rewritten(asked_for.text, "otherwise")
    if other != asked_for.text and (found := lookup(query(other), sources)):
        return asked_for, found
    counts = asked_for.wants == "number" and QUESTION.how_many.match(asked_for.text)
    if counts and (listed := [one for one in spoken_of(sources) if things_of(asked_for, one)]):
        return asked_for, listed[:1]
    for resolved in _with_antecedents(asked_for, sources):
        if found := lookup(resolved, sources):
            return resolved, found
    known = [*sources.history, *sources.blocks]
    if found := [item for fact in known if (item := step_asked_for(asked_for, fact))]:
        return asked_for, found[-1:]
    kept = [fact for fact in sources.history if fact.remembered and asked_for.kept]
    return asked_for, kept[-1:] if len(asked_for.concepts) <= 1 else []


def _with_antecedents(asked_for: Query, sources: Sources) -> Iterator[Query]:
    """Yield a question with what its `it` or `her` may stand for.

    That is what the question before it was about, or else the newest fact's subject.
    """
    if (match := ANSWER.pronoun.search(asked_for.text)) is None:
        return
    before = query(asked_last("".join(texts_before(sources.call.messages, 1)))).text
    thing = ANSWER.thing if match[0].lower() in {"it", "its"} else ANSWER.person
    named = thing.search(before)
    about = [*spoken_of(sources, 1), *([] if named else sources.history[-1:])]
    subjects = [subject_text(one.clause.replace(":", " is ", 1)) for one in about]
    subjects = [*subjects, *([named[0]] if named else [])]
    owned = "'s" if match[0].lower() in HERS | {"its"} else ""
    for subject in dict.fromkeys(subjects):
        if subject.lower() not in {"", "i", "we", "you", "it"}:
            yield query(ANSWER.pronoun.sub(f"{subject}{owned}", asked_for.text, count=1))


def lookup(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return the facts of the first source that answers, the user's own words first."""
    if QUESTION.before.search(asked_for.text):
        return _told_before(asked_for, sources)
    if asked_for.returned and (found := best(asked_for, sources.returned)):
        return found
    price = query(rewritten(asked_for.text, "priced"))
    for facts in sources:
        if found := best(asked_for, facts):
            priced = best(price, facts) if price != asked_for else []
            costs = [one for one in priced if "cost" in one.concepts]
            found = [*costs, *(one for one in found if one not in costs)]
            found = with_changes(found, facts) if asked_for.wants == "number" else found
            used = not IN_USE.isdisjoint(asked_for.concepts)
            later = sources.history if used and facts is sources.blocks else ()
            switched = [one for one in later if CHANGE.switch.search(one.text) and not one.slots]
            return [*found, *switched[-1:]]
    reworded = rewritten(asked_for.text, "reworded")
    again = lookup(query(reworded), sources) if reworded != asked_for.text else []
    return [one for one in again if ANSWER.dated.search(one.text)]


def _told_before(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return what was so before, or what the user told then."""
    past = [one for one in sources.history if CHANGE.past.search(one.text)]
    for fact, by in sources.told.outdated:
        told = f'Earlier I told you: "{fact.text.rstrip(".!")}"'
        past += [fact if CHANGE.past.search(fact.text) else replace(fact, text=told)] if by else []
    now = query(QUESTION.before.sub("", asked_for.text))
    return best(now, past) if now.concepts else past[-1:]


def told_answer(question: str, sources: Sources) -> list[Fact]:
    """Return the answer if the user told it, here or, about themselves, in a block."""
    asked_for = query(question)
    known = [*sources.history, *(sources.blocks if asked_for.owner == "user" else ())]
    return best(asked_for, known)


def composed(answers: list[Answered], sources: Sources) -> str:
    """Write answers as sentences: `yes` and `no` first, what is not known last."""
    told: list[str] = []
    polar: list[str] = []
    missing: list[str] = []
    for asked_for, facts in answers:
        if asked_for.wants == "polar" and (said := yes_or_no(asked_for, facts, sources)):
            polar.append(said)
        elif not facts or (asked_for.surname and not ANSWER.full_name.search(facts[-1].text)):
            missing.append(ignorance(asked_for, sources, facts, told))
        elif asked_for.wants == "number" and (things := things_of(asked_for, facts[-1])):
            told.append(f"There are {len(things)}: {', '.join(things)}.")
        else:
            told += [fact.retold() for fact in facts]
    return " ".join([*polar, *together(told), *filter(None, missing)])


def together(told: list[str]) -> list[str]:
    """Return sentences; two or three short ones become one."""
    told = list(dict.fromkeys(told))
    inside = [any(mark in line[:-1] for mark in '.!?"') for line in told]
    if len(told) in {2, 3} and not any(inside):
        clauses = [as_clause(line) for line in told]
        return [as_sentence(" and ".join([", ".join(clauses[:-1]), clauses[-1]]))]
    return told


def yes_or_no(asked_for: Query, facts: list[Fact], sources: Sources) -> str:
    """Answer a question for yes or no; "" where neither is known."""
    if not facts:
        return no_longer(asked_for, sources)
    fact = facts[-1]
    if is_ahead(asked_for, fact):
        return f"Not as far as I know: {as_clause(fact.retold())}."
    near = ANSWER.relative_time.search(asked_for.text)
    is_other_time = near and near[0].lower() not in fact.text.lower()
    if is_other_time or fact.teller in ("client", "tool") or " than " in asked_for.text:
        return fact.retold()
    *_, excepted = ["", *ANSWER.excepted.split(fact.text)[1:]]
    past = asked_for.text.lower().startswith(("did ", "have ", "was ", "were "))
    over = CHANGE.over.search(fact.text)
    ended = over and not past and {*concepts(tokens(over["how"]))}.isdisjoint(asked_for.concepts)
    is_excepted = bool({*concepts(tokens(excepted))} & {*asked_for.concepts})
    denied = bool(fact.negated or ended) != is_excepted
    if "allergy" in fact.concepts:
        is_harmless = "not allergic" in fact.text.lower()
        denied = is_harmless == ("allergy" in asked_for.concepts)
    return f"{'No' if denied != asked_for.negated else 'Yes'}, {as_clause(fact.retold())}."


def no_longer(asked_for: Query, sources: Sources) -> str:
    """Say that something was so but is no more, or what else is so instead."""
    past = sources.told.outdated
    if found := best(asked_for, [fact for fact, _ in past]):
        by = next((by for fact, by in reversed(past) if fact is found[-1]), None)
        more = f": {as_clause(by.retold())}" if by else ""
        return f"No, not any more{more}." if by else ""
    for facts in (sources.history, sources.blocks):
        fact = closest(asked_for, facts)
        if fact and is_list(fact) and "list" in asked_for.concepts:
            head = {"list", *concepts(tokens(fact.text.partition(":")[0]))}
            listed = not fact.concepts.isdisjoint(set(asked_for.concepts) - head)
            return fact.retold() if listed else f"No. {fact.retold()}"
        if fact and is_opposed(asked_for.text, fact.text):
            return f"No, {as_clause(fact.retold())}."
        absent = missed(asked_for, fact) if fact else set()
        alike = fact and fact.negated and not _kinds(absent).isdisjoint(_kinds(fact.concepts))
        if fact and absent and not alike:
            return f"Not as far as I know: {as_clause(fact.retold())}."
    return ""


def _kinds(words: Iterable[str]) -> set[str]:
    return {kind for word in words for kind in categories(word)}


def ignorance(asked_for: Query, sources: Sources, near: list[Fact], said: list[str]) -> str:
    """Quote what is known on a question; say that an answer is not known if that has none.

    What is `said` already is not quoted again.
    """
    if asked_for.kept and not asked_for.concepts:
        return "You have not asked me to remember anything in this conversation."
    known = frozenset(word for facts in sources for one in facts for word in one.concepts)
    near = near or related(asked_for, [one for one in sources if one is not sources.added])
    is_known = bool(near) and is_to_the_point(asked_for, near, known)
    topical = [] if is_known else list(islice(topical_facts(asked_for, sources), 1))
    quoted = [one.retold() for one in topical or near]
    if quoted and {*quoted} <= {*said}:
        return ""
    told = together(quoted)
    close = f"What I have on that: {as_clause(' '.join(told))}." if told else ""
    if is_known or topical:
        return close
    orders, unread = ([], False) if close else said_on(asked_for, sources)
    is_told = unread or bool(orders)
    form = "I don't know {}." if close else unanswered(sources, is_told=is_told)
    if not close and asked_for.concepts and sources.forgot(frozenset(asked_for.concepts)):
        form = "I don't know {} any more."
    elif orders and LISTING.search(orders[0]) and not _is_kept_or_removed(orders[0]):
        form, close = "I don't know {}.", f'What I have on that: you said "{orders[0]}".'
    elif not close and ANSWER.of_agent.match(asked_for.text):
        form = f"Not that I know: I am {MOCK}."
    elif not close and asked_for.owner == "agent":
        form = f"I don't know {{}}: I am {MOCK}."
    return " ".join(filter(None, [form.format(topic(asked_for)), close]))


def _is_kept_or_removed(text: str) -> bool:
    """Return whether an order is surely about memory, where it was obeyed or taken back since."""
    order = memory_order(text)
    return order is not None and (not order.soft or order.kind in REMOVING)


def topical_facts(asked_for: Query, sources: Sources) -> Iterator[Fact]:
    """Yield what was just spoken of and may answer a question that names little of its own."""
    is_open = QUESTION.fragment.match(asked_for.text) or ANSWER.pronoun.search(asked_for.text)
    if is_open or is_light(asked_for):
        who = asked_for.text.lower().startswith("who")
        most = 1 if who and asked_for.verbs else MOST_BEFORE
        fitting = (one for one in spoken_of(sources, most) if fits(asked_for, one))
        told = (one for one in fitting if one.teller == "tool" or asked_for.wants != "polar")
        yield from (one for one in told if not who or names_somebody(one))


def worded_answer(text: str, sources: Sources) -> tuple[str, bool]:
    """Answer a message as it demands, in sentences or bare; say whether all could be answered."""
    if text not in sources.answers and (
        reckoned := sources.of_list(asked(text)) or total(text, sources.history)
    ):
        sources.answers[text] = reckoned, True
    elif text not in sources.answers:
        answers, demand = answered(text, sources), BARE.bare.search(text[-400:])
        noun = (demand["noun"] or demand["one"] or "").lower() if demand else ""
        told = bare(answers, noun) if demand and answers else composed(answers, sources)
        sources.answers[text] = told, is_known(answers)
    return sources.answers[text]


def named_values(text: str, sources: Sources) -> dict[str, object]:
    """Return the answers to a message's questions by what they ask for: `{"name": "Al"}`."""
    found = (one for item in map(query, asked(text)) for one in resolve(item, sources))
    named: dict[str, object] = {}
    for asked_for, facts in found:
        key = "_".join(tokens(BARE.asked_of.sub("", asked_for.text).lower()))
        if key and facts:
            named[key] = listed_values(facts[-1]) or value(asked_for, facts[-1], "")
    return named


def bare_value(name: str, sources: Sources, noun: str = "") -> str:
    """Return what is known of something by its name: `Oulu` for `city`; "" if nothing is."""
    asked_for = query(f"What is my {name}?")
    found = lookup(asked_for, sources) or lookup(query(f"What is the {name}?"), sources)
    return value(asked_for, found[-1], noun) if found else ""
