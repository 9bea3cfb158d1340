"""Answers to questions, in a sentence or as the bare answer."""

from collections.abc import Iterator
from dataclasses import replace

from mockletta.brain.history import user_texts
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.clause_meaning import is_given_name
from mockletta.language.fact_matching import akin, best, closest, fits, is_list
from mockletta.language.facts import Fact
from mockletta.language.questions import Query, asked, asked_last, choices, parts, query
from mockletta.language.retelling import third_person, to_second_person
from mockletta.language.sentences import DETERMINERS, as_clause, subject_text
from mockletta.language.small_talk import MOCK
from mockletta.language.words import (
    FIRST_PERSON,
    as_sentence,
    concept,
    concepts,
    expand,
    is_verb,
    lexicon,
    patterns,
    rewritten,
    tokens,
)

ANSWER = patterns("answer")
BARE = patterns("bare")
CHANGE = patterns("change")
QUESTION = patterns("question")

IN_USE = frozenset(concepts(lexicon("in_use"))) | {"use"}
UNKNOWN = (
    "I don't know {}. You haven't told me.",
    "I don't know {}: it hasn't come up so far.",
    "I don't know {}, since nobody has told me.",
)
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
    queries = [found for found in map(query, asked(text)) if _is_answerable(found)]
    found = [found for item in queries for found in resolve(item, sources)]
    return found if is_known(found) else follow_up(text, sources) or found


def _is_answerable(asked_for: Query) -> bool:
    """Return whether a question names a thing: by its words, or as `it` in `When is it?`."""
    is_open = asked_for.wants in {"time", "place"} or ANSWER.left_open.search(asked_for.text)
    refers = is_open and ANSWER.pronoun.search(asked_for.text)
    return bool(asked_for.concepts or asked_for.kept or refers)


def follow_up(text: str, sources: Sources) -> list[Answered]:
    """Answer a fragment like `Since when?` by what the message before it was about."""
    wanted = query(text)
    if not (fragment := QUESTION.fragment.match(wanted.text)):
        return []
    before = [*user_texts(sources.call.messages)][-2:-1]
    questions = [query(one) for text in before for one in asked(text)]
    facts = [one for item in questions for one in lookup(item, sources)]
    facts = facts or ([] if questions else sources.told.recent[0])
    noun = concept(fragment["noun"] or "")
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
    return [(asked_for, kept(asked_for, sources))]


def _with_antecedents(asked_for: Query, sources: Sources) -> Iterator[Query]:
    """Yield a question with what its `it` or `her` may stand for.

    That is what the question before it was about, or else the newest fact's subject.
    """
    match = ANSWER.pronoun.search(asked_for.text)
    if match is None:
        return
    own = [*user_texts(sources.call.messages)]
    before = own[-2:-1] if match[0].lower() in {"it", "its"} else []
    things = (ANSWER.thing.search(query(asked_last(one)).text) for one in before)
    subjects = [one[0] for one in things if one]
    subjects += [subject_text(one.clause) for one in sources.history[-1:]]
    owned = "'s" if match[0].lower() in {"his", "her", "its", "their"} else ""
    for subject in subjects:
        if subject.lower() not in {"", "i", "we", "you", "it"}:
            start, end = match.span()
            yield query(f"{asked_for.text[:start]}{subject}{owned}{asked_for.text[end:]}")


def lookup(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return the facts of the first source that answers, the user's own words first."""
    if asked_for.returned and (found := best(asked_for, sources.returned)):
        return found
    for facts in sources:
        if found := best(asked_for, facts):
            later = sources.history if facts is sources.blocks and _is_of_use(asked_for) else ()
            switched = [one for one in later if CHANGE.switch.search(one.text) and not one.slots]
            return [*found, *switched[-1:]]
    return []


def _is_of_use(asked_for: Query) -> bool:
    """Return whether a question is about something that one uses, and may switch from."""
    return not IN_USE.isdisjoint(asked_for.concepts)


def was_told(question: str, sources: Sources) -> bool:
    """Return whether the user told the answer, here or, about themselves, in a block."""
    asked_for = query(question)
    known = [*sources.history, *(sources.blocks if asked_for.owner == "user" else ())]
    return bool(best(asked_for, known))


def kept(asked_for: Query, sources: Sources) -> list[Fact]:
    """Return what the user last asked to remember, for a question about just that."""
    if not asked_for.kept or len(asked_for.concepts) > 1:
        return []
    return [fact for fact in sources.history if fact.remembered][-1:]


def composed(answers: list[Answered], sources: Sources) -> str:
    told: list[str] = []
    polar: list[str] = []
    missing: list[str] = []
    for asked_for, facts in answers:
        if asked_for.wants == "polar" and (said := yes_or_no(asked_for, facts, sources)):
            polar.append(said)
        elif asked_for.name_part and facts and (part := part_of_name(asked_for, facts[-1])):
            told.append(part)
        elif (
            asked_for.name_part == "last"
            and facts
            and not QUESTION.name_part.search(facts[-1].text)
        ):
            missing.append(ignorance(asked_for, sources, facts[-1]))
        elif facts and asked_for.wants == "number" and is_list(facts[-1]):
            items = facts[-1].text.partition(":")[2].split(",")
            told.append(f"There are {len(items)}: {', '.join(item.strip() for item in items)}")
        elif facts:
            told += [fact.retold() for fact in facts]
        else:
            missing.append(ignorance(asked_for, sources))
    return " ".join([*polar, *together(told), *missing])


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
    if fact.teller in ("client", "tool"):
        return fact.retold()
    if CHANGE.wished.search(fact.text) and not CHANGE.wished.search(asked_for.text):
        return f"Not as far as I know: {as_clause(fact.retold())}."
    if _compares_others(asked_for, fact):
        return fact.retold()
    near = ANSWER.relative_time.search(asked_for.text)
    if near and near[0].lower() not in fact.text.lower():
        return fact.retold()
    excepted = {*concepts(tokens([*ANSWER.excepted.split(fact.text), ""][1]))} & {
        *asked_for.concepts
    }
    ended = CHANGE.over.search(fact.text)
    over = ended and {*concepts(tokens(ended["how"]))}.isdisjoint(asked_for.concepts)
    rather = {*concepts(tokens([*ANSWER.rather.split(fact.text), ""][1]))} & {*asked_for.concepts}
    denied = (fact.negated and not rather) or excepted or over or _is_past(asked_for, fact)
    denied = denied or _is_compared(asked_for, fact)
    return f"{'No' if bool(denied) != asked_for.negated else 'Yes'}, {as_clause(fact.retold())}."


def _is_past(asked_for: Query, fact: Fact) -> bool:
    past = asked_for.text.lower().startswith(("did ", "have ", "was ", "were "))
    return " used to " in fact.text and " use" not in asked_for.text and not past


def _is_compared(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact compares two things the other way round: `Anna is taller than Beth`."""
    left, than, _ = fact.text.partition(" than ")
    subject = concepts(tokens(asked_for.text.partition(" than ")[0])[1:2])
    return bool(than and " than " in asked_for.text) and not {*subject} <= {*concepts(tokens(left))}


def _compares_others(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact compares with another than asked: `taller than Anna`, not than Max."""
    _, asks, wanted = asked_for.text.partition(" than ")
    _, tells, told = fact.text.partition(" than ")
    first = concepts(tokens(told.partition(" but ")[0]))
    others = (
        {*concepts(tokens(wanted))} - {*first} - {*concepts(tokens(fact.text.split(" than ")[0]))}
    )
    return bool(asks and tells and others)


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
        if fact and subject_met(asked_for, fact):
            return f"Not as far as I know: {as_clause(fact.retold())}."
    return ""


def subject_met(asked_for: Query, fact: Fact) -> bool:
    """Return whether a fact is about the one that a question is about, whatever it says of them."""
    words = tokens(asked_for.text)[1:4]
    if words and words[0].lower() in FIRST_PERSON - {"my", "our"}:
        return fact.subject == "user" and not fact.ownerships
    named = concepts(words[:2] if words and words[0].lower() in {"my", "our", "the"} else words[:1])
    return bool(named) and set(named) <= fact.concepts


def part_of_name(asked_for: Query, fact: Fact) -> str:
    """Return the first or the last name out of a full one."""
    for match in ANSWER.names.finditer(fact.text):
        if (
            match[1] == "I"
            or not is_given_name(match[1])
            or not (match[2] or asked_for.name_part == "first")
        ):
            continue
        name = (match[2] if asked_for.name_part == "last" else match[1]).strip()
        whose = "Your" if asked_for.owner == "user" else "The"
        return f"{whose} {asked_for.name_part} name is {name}."
    return ""


def ignorance(asked_for: Query, sources: Sources, near: Fact | None = None) -> str:
    """Say that an answer is not known, with the closest thing that is."""
    if asked_for.kept and not asked_for.concepts:
        return "You have not asked me to remember anything in this conversation."
    close = named_as_near(near) if near else nearest(asked_for, sources)
    form = NEAR if close else UNKNOWN[(sources.call.turn - 1) % len(UNKNOWN)]
    if ANSWER.of_agent.match(asked_for.text):
        form = f"Not that I know: I am {MOCK}."
    elif asked_for.owner == "agent":
        form = f"I don't know {{}}: I am {MOCK}."
    return " ".join(filter(None, [form.format(topic(asked_for)), close]))


def nearest(asked_for: Query, sources: Sources) -> str:
    """Return the closest thing to an answer, named as such; "" where nothing is close."""
    told = (sources.history, sources.blocks)
    found = [*(closest(asked_for, one) for one in (*told, sources.files, sources.system))]
    found += [akin(asked_for, one) for one in told if asked_for.owner != "agent"]
    return next((named_as_near(fact) for fact in found if fact), "")


def named_as_near(fact: Fact) -> str:
    return f"The closest thing I was told: {as_clause(fact.retold())}."


def topic(asked_for: Query) -> str:
    """Name what is asked for, as it stands behind `I don't know`."""
    text = asked_for.text[:LONGEST_TOPIC]
    if text.lower().startswith(("about ", "what about ")):
        return f"anything {in_clause(text[text.lower().index('about ') :])}"
    if ANSWER.in_order.match(text) or text.split(" ", 1)[0].lower() in DETERMINERS:
        return in_clause(text)
    if found := _uninverted(text):
        return in_clause(found)
    shorter = ANSWER.what_is.match(text)
    named = _named(text, shorter.end()) if shorter else ""
    is_short = 0 < len(text) <= LONGEST_QUOTED and ": " not in text
    return named or _whether(text) or (f'the answer to "{as_clause(text)}"' if is_short else "that")


def _named(text: str, start: int) -> str:
    """Name what `what is` asks for: `the weather in Rome`, or `what Rome is like`."""
    if text.endswith((" called", " named")):
        return ""
    if text.endswith(" like"):
        return in_clause(f"what {text[start:-5]} is like")
    named = ANSWER.like.sub("", text[start:])
    if ANSWER.placed.match(named):
        return in_clause(text)
    what, verb, *_ = text.lower().split()
    if what == "what" and ANSWER.bare_noun.match(named):
        return in_clause(f"what {named} {verb}")
    return "" if ANSWER.doing.search(named) else as_clause(to_second_person(named))


def _uninverted(text: str) -> str:
    """Return `where I am` for `where am I`, `where she lives` for `where does she live`."""
    if found := ANSWER.wh_i_am.match(text):
        who = "I" if found[3].lower() == "i" else found[3]
        return f"{found[1]} {who} {found[2]}{found[4]}"
    if found := ANSWER.wh_it_is.match(text):
        return f"{found[1]} {found[3]} {found[2]}{found[4]}"
    if found := ANSWER.modal.match(text):
        who = "I" if found["who"] == "i" else found["who"]
        return f"{found['wh']} {who} {found['aux']} {found['rest']}"
    if meant := ANSWER.means.match(text):
        return f"what {meant['what']} means"
    if (does := ANSWER.does.match(text)) and is_verb(does["verb"]):
        return f"{does['wh']} {does['who']} {third_person(does['verb'])}{does['rest']}"
    found = ANSWER.inverted.match(text)
    return f"{found[1]} {found[2]}" if found and not ANSWER.generic.match(text) else ""


def _whether(text: str) -> str:
    if polar := ANSWER.polar.match(text):
        verb = "" if polar["verb"].lower() in {"do", "does"} else f" {polar['verb'].lower()}"
        who = "I" if polar["who"] == "i" else polar["who"]
        return in_clause(f"whether {who}{verb} {polar['rest']}".strip())
    if named := ANSWER.named_is.match(text):
        return in_clause(f"whether {named[2]} {named[1].lower()} {named[3]}")
    return ""


def in_clause(text: str) -> str:
    return as_clause(to_second_person(text[:1].lower() + text[1:]))


def everything(sources: Sources) -> str:
    """List what was told in this conversation and what the blocks hold, newest last."""
    joined = [fact.text for fact in sources.history if fact.text != fact.clause]
    whole = [
        fact
        for fact in sources.history
        if (fact.text in joined or not any(fact.clause in one for one in joined))
    ]
    facts = [fact for fact in whole if fact.subject == "user" or fact.remembered]
    others = [fact for fact in whole if fact not in facts]
    settled = {slot for fact in whole for slot in fact.slots}
    said = {fact.spelling for fact in whole}
    blocks = (one for one in sources.blocks if one.teller != "persona" and one.spelling not in said)
    noted = [one for one in blocks if settled.isdisjoint(one.slots)]
    told = [fact.retold() for fact in (facts + others)[-LISTED:] + noted[:LISTED]]
    once = {expand(line).rstrip(".").lower(): line for line in reversed(told)}
    if not once:
        return "I don't know anything about you yet. You haven't told me."
    listed = "; ".join(as_clause(expand(line)) for line in reversed(once.values()))
    return f"Here is what I know: {listed[:LONGEST_LIST]}."
