"""Told lists: lists that are kept in the conversation, such as `my list: tea, milk`."""

from typing import NamedTuple

from mockletta.language.sentences import ITEMS, begins_clause, plain
from mockletta.language.words import (
    IRREGULAR_PAST,
    as_sentence,
    concepts,
    expand,
    patterns,
    remembered,
    tokens,
)

CHANGE = patterns("change")
LIST = patterns("list")
NTH = {"first": 0, "next": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
MOST_WORDS, MOST_BESIDE = 7, 2
NOTHING = "nothing"


class ToldList(NamedTuple):
    """What a list is called, up to its colon or verb, and its items."""

    head: str
    items: list[str]

    def with_items(self, more: str) -> str:
        """Return the text of the list with more items."""
        known = {one.lower() for one in self.items}
        new = (CHANGE.article.sub("", one) for one in _items(more))
        return self._text([*self.items, *(one for one in new if one.lower() not in known)])

    @property
    def emptied(self) -> str:
        """The text of the list without items."""
        return self._text([])

    def is_called(self, name: str) -> bool:
        """Return whether a list is called so: `groceries` for `my groceries list:`."""
        called = self.head.lower().removesuffix(":").removesuffix(" list").split()
        words = CHANGE.article.sub("", name.lower()).split()
        return bool(words) and called[-len(words) :] == words

    def without_items(self, gone: str) -> str:
        """Return the text of the list without what is named, each by its words or some of them."""
        out = [self._named(one) for one in _items(gone)]
        return self._text([one for one in self.items if one not in out])

    def _named(self, text: str) -> str:
        """Return the item that a text names; "" if none or several may be meant."""
        named = {*concepts(tokens(text))}
        bare = CHANGE.article.sub("", text).lower()
        alike = [one for one in self.items if CHANGE.article.sub("", one).lower() == bare]
        alike = alike or [one for one in self.items if named and named <= {*concepts(tokens(one))}]
        return alike[0] if len(alike) == 1 else ""

    def without_done(self, said: str) -> str:
        """Return the text of the list without the item that a sentence says is done.

        It is "" if the sentence says that of none.
        """
        what = _done(said) if LIST.to_do.search(self.head) else ""
        whole = {*concepts(tokens(said))}
        of = {one: {*concepts(tokens(one))} for one in self.items}
        done = [one for one in of if of[one] and of[one] <= whole]
        done = [one for one in done if len(whole - of[one]) <= MOST_BESIDE]
        out = self._named(what) or (done[0] if len(done) == 1 else "") if what else ""
        return self._text([one for one in self.items if one != out]) if out else ""

    def _text(self, items: list[str]) -> str:
        return f"{self.head} {', '.join(items) or NOTHING}"

    def answer(self, question: str) -> str:
        """Return how many items there are, or one of them; "" if the question wants the list."""
        number, nth = LIST.number.match(question), LIST.nth.search(question)
        listed = ", ".join(self.items)
        if not self.items:
            return "There is nothing on it." if number or nth else ""
        if number:
            return f"There {'is' if len(self.items) == 1 else 'are'} {len(self.items)}: {listed}."
        if not nth:
            return ""
        at = NTH[nth[1].lower()]
        return as_sentence(self.items[at]) if at < len(self.items) else f"There is only: {listed}."


@remembered
def told_list(text: str) -> ToldList | None:
    """Return the list that a statement tells; None if it tells anything else."""
    found = LIST.told.match(text.rstrip(" .!"))
    items = _items(found["items"]) if found else []
    if found is None or any(len(one.split()) > MOST_WORDS or begins_clause(one) for one in items):
        return None
    is_one = len(items) > 1 or LIST.named_so.search(found["head"])
    return ToldList(found["head"], items) if is_one else None


def _items(text: str) -> list[str]:
    items = (one.strip(" .!") for one in ITEMS.split(text))
    return [one for one in items if one and one.lower() != NOTHING]


def says_done(sentence: str) -> bool:
    """Return whether a sentence may say that something on a list is done."""
    return bool(_done(expand(plain(sentence))))


def _done(said: str) -> str:
    """Return what a sentence says is done: `the report` for `I have finished the report`."""
    found = LIST.done.match(expand(said))
    verb = found["verb"] if found else None
    is_past = verb is None or verb in IRREGULAR_PAST or verb.endswith(("ed", "done"))
    return next(filter(None, found.groups()[-3:])) if found and is_past else ""


@remembered
def asked_of_list(sentence: str) -> tuple[str, str] | None:
    """Return what a sentence asks about a list, and how it names that; None for any other."""
    core = expand(plain(sentence)).strip(" ?!.")
    named = LIST.named.search(core)
    bare = LIST.bare.match(core)
    asks = bare or any(one.match(core) for one in (LIST.content, LIST.number, LIST.nth))
    return (core, named[1] if named else bare["name"] if bare else "") if asks else None
