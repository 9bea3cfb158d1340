"""Answers to questions: in a sentence, or the bare value where a message or a schema wants it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mockletta.brain.history import text_before
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.fact_matching import akin, best, closest, fits, is_list
from mockletta.language.facts import Fact
from mockletta.language.questions import Query, asked, asked_last, choices, parts, query
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import ITEMS, as_clause, subject_text
from mockletta.language.small_talk import MOCK
from mockletta.language.words import (
    NUMBERS,
    as_sentence,
    concept,
    concepts,
    expand,
    lexicon,
    patterns,
    rewrites,
    rewritten,
    tokens,
)

NUMBER = re.compile(r"[-+]?\d[\w.,:/-]*\w|\d")
ANSWER = patterns("answer")
BARE = patterns("bare")
CHANGE = patterns("change")
QUESTION = patterns("question")

UNKNOWN = (
    "I don't know {}. You haven't told me.",
    "I don't know {}: it hasn't come up so far.",
    "I don't know {}, since nobody has told me.",
)
UNFOUND = (
    "I don't know {}. I found no answer in what I was told.",
    "I don't know {}: I see no answer in what I was told so far.",
    "I don't know {}, as far as I understood what I was told.",
)
OWNER = re.compile(r"\b(?:[Mm]y|[Oo]ur|the|his|her) \w+(?:'s)?|(?<!^)\b[A-Z][\w-]+(?:'s)?")
IN_USE = frozenset(concepts(lexicon("in_use"))) | {"use"}
LEFT_OPEN = (" do", " with", " for", " about", " from", " to")
NEAR = "I don't know {}."
LISTED = 30
LONGEST_TOPIC = 120
LONGEST_QUOTED = 80
LONGEST_LIST = 2000
Answered = tuple[Query, list[Fact]]


def answer(text: str, sources: Sources) -> tuple[str, bool]:
    """Answer every question of a message in sentences; say whether all could be answered."""
    answers = answered(text, sources)
    return composed(answers, sources), is_known(answers)


def answered(text: str, sources: Sources) -> list[Answered]:
    """Return the questions of a message, each with the facts of the first source that has any."""
    if found := about_another(text, sources):
        return found
    queries = [one for one in map(query, asked(text)) if one.concepts or one.kept or _refers(one)]
    found = [found for item in queries for found in resolve(item, sources)]
    return found if is_known(found) else follow_up(text, sources) or found


def _refers(asked_for: Query) -> bool:
    """Return whether a question names its thing by a pronoun alone, as `When is it?` does."""
    is_open = asked_for.wants in {"time", "place"} or asked_for.text.endswith(LEFT_OPEN)
    return is_open and bool(ANSWER.pronoun.search(asked_for.text))


def about_another(text: str, sources: Sources) -> list[Answered]:
    """Answer `And my sister's?` by the question before it, with another owner or name in it."""
    other = QUESTION.elliptic.match(text.strip())
    before = text_before(sources.call.messages) if other else []
    who = {"mine": "my", "yours": "your"}.get(other["who"].lower(), other["who"]) if other else ""
    asked_before = (asked_last(one) for one in before)
    whole = (OWNER.sub(who, one, count=1) for one in asked_before if OWNER.search(one))
    found = [found for one in whole for found in resolve(query(one), sources)]
    return found if is_known(found) else []


def follow_up(text: str, sources: Sources) -> list[Answered]:
    """Answer a fragment like `Since when?` by what the message before it was about."""
    wanted = query(text)
    if not (fragment := QUESTION.fragment.match(wanted.text)):
        return []
    before = text_before(sources.call.messages)
    questions = [query(one) for text in before for one in asked(text)]
    facts = [one for item in questions for one in lookup(item, sources)]
    facts = facts or ([] if questions else sources.told.recent[0])
    noun = concept(fragment["noun"]) if fragment["noun"] else None
    wanted = replace(wanted, wants="place") if noun == "city" else wanted
    named = noun in {None, "city"} or wanted.wants == "time"
    fitting = [one for one in facts if fits(wanted, one) and (named or noun in one.concepts)]
    return [(wanted, fitting[-1:])] if fitting else []


def is_known(answers: list[Answered]) -> bool:
    """Return whether there are questions, and facts for all of them."""
    return bool(answers) and all(facts for _, facts in answers)


def resolve(asked_for: Query, sources: Sources) -> list[Answered]:
    pieces = parts(asked_for)
    whole_questions = len(pieces) > 1 and all(QUESTION.wh.match(piece.text) for piece in pieces)
    found = [] if whole_questions else lookup(asked_for, sources)
    if found:
        return [(asked_for, found)]
    either = [(one, best_of) for one in choices(asked_for) if (best_of := lookup(one, sources))]
    if either:
        return [min(either, key=lambda one: one[1][-1].negated)]
    split = [(part, lookup(part, sources)) for part in pieces]
    if whole_questions or any(facts for _, facts in split):
        return split
    other = rewritten(asked_for.text, "otherwise")
    if other != asked_for.text and (found := lookup(query(other), sources)):
        return [(asked_for, found)]
    for resolved in _with_antecedents(asked_for, sources):
        if found := lookup(resolved, sources):
            return [(resolved, found)]
    is_about_that = asked_for.kept and len(asked_for.concepts) <= 1
    kept = [fact for fact in sources.history if fact.remembered and is_about_that]
    return [(asked_for, kept[-1:])]


def _with_antecedents(asked_for: Query, sources: Sources) -> Iterator[Query]:
    """Yield a question with what its `it` or `her` may stand for.

    That is what the question before it was about, or else the newest fact's subject.
    """
    if (match := ANSWER.pronoun.search(asked_for.text)) is None:
        return
    before = text_before(sources.call.messages) if match[0].lower() == "it" else []
    things = (ANSWER.thing.search(query(asked_last(one)).text) for one in before)
    subjects = [one[0] for one in things if one]
    subjects += [subject_text(one.clause) for one in sources.history[-1:]]
    owned = "'s" if match[0].lower() in {"his", "her", "its", "their"} else ""
    for subject in subjects:
        if subject.lower() not in {"", "i", "we", "you", "it"}:
            yield query(ANSWER.pronoun.sub(f"{subject}{owned}", asked_for.text, count=1))


def lookup(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return the facts of the first source that answers, the user's own words first."""
    if asked_for.returned and (found := best(asked_for, sources.returned)):
        return found
    price = rewritten(asked_for.text, "priced")
    for facts in sources:
        if found := best(asked_for, facts):
            priced = best(query(price), facts) if price != asked_for.text else []
            costs = [one for one in priced if "cost" in one.concepts]
            found = [*costs, *(one for one in found if one not in costs)]
            used = not IN_USE.isdisjoint(asked_for.concepts)
            later = sources.history if used and facts is sources.blocks else ()
            switched = [one for one in later if CHANGE.switch.search(one.text) and not one.slots]
            return [*found, *switched[-1:]]
    reworded = rewritten(asked_for.text, "reworded")
    again = lookup(query(reworded), sources) if reworded != asked_for.text else []
    return [one for one in again if ANSWER.dated.search(one.text)]


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
        elif not facts or _lacks_last_name(asked_for, facts[-1]):
            missing.append(ignorance(asked_for, sources, facts))
        elif asked_for.wants == "number" and is_list(facts[-1]):
            items = [item.strip() for item in facts[-1].text.partition(":")[2].split(",")]
            told.append(f"There are {len(items)}: {', '.join(items)}")
        else:
            told += [fact.retold() for fact in facts]
    return " ".join([*polar, *together(told), *missing])


def _lacks_last_name(asked_for: Query, fact: Fact) -> bool:
    return asked_for.name_part == "last" and not ANSWER.full_name.search(fact.text)


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
    if CHANGE.wished.search(fact.text) and not CHANGE.wished.search(asked_for.text):
        return f"Not as far as I know: {as_clause(fact.retold())}."
    near = ANSWER.relative_time.search(asked_for.text)
    is_other_time = near and near[0].lower() not in fact.text.lower()
    if is_other_time or fact.teller in ("client", "tool") or " than " in asked_for.text:
        return fact.retold()
    *_, excepted = ["", *ANSWER.excepted.split(fact.text)[1:]]
    past = asked_for.text.lower().startswith(("did ", "have ", "was ", "were "))
    over = CHANGE.over.search(fact.text)
    ended = over and not past and {*concepts(tokens(over["how"]))}.isdisjoint(asked_for.concepts)
    denied = fact.negated or ended or {*concepts(tokens(excepted))} & {*asked_for.concepts}
    return f"{'No' if bool(denied) != asked_for.negated else 'Yes'}, {as_clause(fact.retold())}."


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
        if fact:
            return f"Not as far as I know: {as_clause(fact.retold())}."
    return ""


def ignorance(asked_for: Query, sources: Sources, near: list[Fact]) -> str:
    """Say that an answer is not known, with the closest thing that is."""
    if asked_for.kept and not asked_for.concepts:
        return "You have not asked me to remember anything in this conversation."
    near = near or list(filter(None, nearest(asked_for, sources)))
    close = f"The closest thing I was told: {as_clause(near[0].retold())}." if near else ""
    form = NEAR if close else unanswered(sources)
    if not close and asked_for.concepts and sources.forgot(frozenset(asked_for.concepts)):
        form = "I don't know {} any more."
    elif ANSWER.of_agent.match(asked_for.text):
        form = f"Not that I know: I am {MOCK}."
    elif asked_for.owner == "agent":
        form = f"I don't know {{}}: I am {MOCK}."
    return " ".join(filter(None, [form.format(topic(asked_for)), close]))


def unanswered(sources: Sources) -> str:
    """Say that something is not known. That nobody told it is said only if nothing was told."""
    told = (fact.teller for facts in sources for fact in facts)
    forms = UNKNOWN if all(teller == "persona" for teller in told) else UNFOUND
    return forms[(sources.call.turn - 1) % len(forms)]


def nearest(asked_for: Query, sources: Sources) -> Iterator[Fact | None]:
    told = (sources.history, sources.blocks)
    yield from (closest(asked_for, one) for one in (*told, sources.files, sources.system))
    yield from (akin(asked_for, one) for one in told if asked_for.owner != "agent")


def topic(asked_for: Query) -> str:
    """Name what is asked for, as it stands behind `I don't know`."""
    text = asked_for.text[:LONGEST_TOPIC]
    for form, named in rewrites("topic"):
        if form.match(text):
            return as_clause(to_second_person(form.sub(named, text[:1].lower() + text[1:])))
    is_short = 0 < len(text) <= LONGEST_QUOTED and ": " not in text
    return f'the answer to "{as_clause(text)}"' if is_short else "that"


def everything(sources: Sources) -> str:
    """List what was told in this conversation and what the blocks hold, newest last."""
    joined = [fact.text for fact in sources.history if fact.text != fact.clause]
    whole = [
        fact
        for fact in sources.history
        if fact.text in joined or not any(fact.clause in one for one in joined)
    ]
    others = [fact for fact in whole if fact.subject != "user" and not fact.remembered]
    facts = [fact for fact in whole if fact not in others] + others
    settled = {slot for fact in whole for slot in fact.slots}
    said = {fact.spelling for fact in whole}
    blocks = (one for one in sources.blocks if one.teller != "persona" and one.spelling not in said)
    noted = [one for one in blocks if settled.isdisjoint(one.slots)]
    told = [expand(fact.retold()) for fact in facts[-LISTED:] + noted[:LISTED]]
    once = {line.rstrip(".").lower(): line for line in reversed(told)}
    if not once:
        return "I don't know anything about you yet. You haven't told me."
    listed = "; ".join(map(as_clause, reversed(once.values())))
    return f"Here is what I know: {listed[:LONGEST_LIST]}."


def worded_answer(text: str, sources: Sources) -> tuple[str, bool]:
    """Answer a message as it demands, in sentences or bare; say whether all could be answered."""
    if text not in sources.answers:
        answers = answered(text, sources)
        noun = bare_noun(text)
        told = composed(answers, sources) if noun is None or not answers else bare(answers, noun)
        sources.answers[text] = told, is_known(answers)
    return sources.answers[text]


def bare_noun(text: str) -> str | None:
    """Return the noun of a demand for the bare answer (`just the word` -> `word`), "" for any."""
    match = BARE.bare.search(text[-400:])
    return (match["noun"] or match["one"] or "").lower() if match else None


def bare(answers: list[Answered], noun: str) -> str:
    found = [value(asked_for, fact, noun) for asked_for, facts in answers for fact in facts]
    return ", ".join(dict.fromkeys(found)) if found else "I don't know: you haven't told me."


def value(asked_for: Query, fact: Fact, noun: str) -> str:
    """Return only the answer: of `My name is Alice.`, asked for the name, `Alice`."""
    text = fact.clause.strip().rstrip(".!?;, ")
    if noun == "number" or asked_for.wants == "number":
        found = [one for one in NUMBER.findall(text) if one.lower() not in asked_for.text.lower()]
        found += [word for word in tokens(text) if word.lower() in NUMBERS]
        if found:
            return str(found[0])
    rest = BARE.cut.sub("", BARE.leading.sub("", _side(asked_for, text).strip()))
    return rest.strip(" .,;:!?\"'“”\u2018\u2019") or text


def _side(asked_for: Query, text: str) -> str:
    """Return the side of a statement that answers, or what follows the words that are asked for."""
    wanted = set(asked_for.concepts)
    copula = BARE.copula.search(text)
    left, right = (text[: copula.start()], text[copula.end() :]) if copula else ("", text)
    subject, said = concepts(tokens(left)), concepts(tokens(right))
    if subject and wanted.isdisjoint(subject) and not wanted.isdisjoint(said):
        return left
    ends = [
        word.end()
        for word in re.finditer(r"[\w'-]+:?", right)
        if concept(word[0].strip(":")) in wanted | {"like", "live", "work", "name", "word"}
    ]
    return right[max(ends, default=0) :] or right


def named_values(text: str, sources: Sources) -> dict[str, object]:
    """Return the answers to a message's questions by what they ask for: `{"name": "Al"}`."""
    found = (one for item in map(query, asked(text)) for one in resolve(item, sources))
    named: dict[str, object] = {
        "_".join(tokens(BARE.asked_of.sub("", asked_for.text).lower())): (
            listed_values(facts[-1]) or value(asked_for, facts[-1], "")
        )
        for asked_for, facts in found
        if facts
    }
    return {key: one for key, one in named.items() if key}


def listed_values(fact: Fact) -> list[str]:
    """Return the things that a fact lists: of `our stack is Go, Kafka and Redis` three."""
    text = fact.clause.rstrip(" .!")
    mark = BARE.copula.search(text)
    items = ITEMS.split(text[mark.end() :]) if mark else []
    return items if len(items) > 1 and all(len(one.split()) < 4 for one in items) else []


def bare_value(name: str, sources: Sources, noun: str = "") -> str:
    """Return what is known of something by its name: `Oulu` for `city`; "" if nothing is."""
    asked_for = query(f"What is my {name}?")
    found = lookup(asked_for, sources) or lookup(query(f"What is the {name}?"), sources)
    return value(asked_for, found[-1], noun) if found else ""
