"""Denials: how the brain says that it does not know something, and what was said on it."""

from mockletta.brain.history import texts_before
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.language.fact_matching import GENERIC, LIGHT
from mockletta.language.questions import Query
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import as_clause, kind, sentences
from mockletta.language.small_talk import greeting, small_talk
from mockletta.language.words import concepts, rewrites, tokens

UNKNOWN = (
    "I don't know {}. You haven't told me in this conversation.",
    "I don't know {}: it hasn't come up in this conversation.",
    "I don't know {}. Nobody has told me in this conversation.",
)
UNFOUND = (
    "I don't know {}, as far as I understood what I was told.",
    "I don't know {} from what I understood so far.",
    "I don't know {}. Nothing that I understood says so.",
)
LONGEST_TOPIC, LONGEST_QUOTED, LONGEST_READ, MOST_READ = 120, 80, 2000, 200


def said_on(asked_for: Query, sources: Sources) -> tuple[list[str], bool]:
    """Return the user's orders that share what a question names, the newest first.

    The second value says if there are statements too: any of them may hold the answer, read or not.
    """
    wanted = {*asked_for.concepts} - GENERIC - LIGHT
    texts = texts_before(sources.call.messages, MOST_READ)
    said = [one for text in texts for one in reversed([*sentences(text[:LONGEST_READ])])]
    orders = (one for one in said if kind(one) == "command")
    shared = (one for one in orders if not wanted.isdisjoint(concepts(tokens(one))))
    stated = (one[len(greeting(one)) :] for one in said if kind(one) == "statement")
    unread = any(" " in one.strip() and not small_talk(one) for one in stated)
    return [one[:LONGEST_TOPIC].rstrip(" .!") for one in shared], unread


def unanswered(sources: Sources, *, is_told: bool) -> str:
    """Say that something is not known. That nobody told it is said only if nothing was told."""
    told = (fact.teller for facts in sources for fact in facts)
    anything = is_told or any(teller != "persona" for teller in told) or sources.system
    forms = UNFOUND if anything else UNKNOWN
    return forms[(sources.call.turn - 1) % len(forms)]


def topic(asked_for: Query) -> str:
    """Name what is asked for, as it stands behind `I don't know`."""
    text = asked_for.text[:LONGEST_TOPIC]
    for form, named in rewrites("topic"):
        if form.match(text):
            return as_clause(to_second_person(form.sub(named, text[:1].lower() + text[1:])))
    is_short = 0 < len(text) <= LONGEST_QUOTED and ": " not in text
    return f'the answer to "{as_clause(text)}"' if is_short else "that"
