"""Tool wishes: calls that a message asks for by what a tool does, without the tool's name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from mockletta.brain.decisions import ModelCall, ToolSchema
from mockletta.brain.history import newest, recent_texts
from mockletta.brain.tool_parameters import own_tools
from mockletta.default_brain.memory.answers import bare_value, told_answer
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.tool_calling.follow_up_orders import (
    answered_order,
    just_named,
    more_of_the_same,
    of_it,
)
from mockletta.default_brain.tool_calling.order_readings import (
    ARGUMENT,
    Beside,
    Reading,
    Recall,
)
from mockletta.default_brain.tool_calling.parameter_roles import PREPOSITIONS, RoleParameter
from mockletta.default_brain.tool_calling.text_values import code_in
from mockletta.default_brain.tool_calling.tool_arguments import read_order
from mockletta.default_brain.tool_calling.tool_fits import (
    LOOKING,
    SHORT,
    Fit,
    best_fits,
    evidence_for,
    mood_of,
    touched_by,
    words_of,
)
from mockletta.default_brain.tool_calling.tool_orders import (
    MOST_CALLS,
    NotCallable,
    Order,
    needs,
    repeats,
    tool_orders,
)
from mockletta.default_brain.tool_calling.workspace_orders import workspace_orders
from mockletta.language.sentences import begins_clause, kind, plain, sentences
from mockletta.language.words import (
    ATTRIBUTES,
    FIRST_PERSON,
    IRREGULAR_PAST,
    ORDERS,
    SILENT,
    concepts,
    expand,
    is_verb,
    lower_words,
    pattern,
    patterns,
    remembered,
    rewritten,
    stem,
    tokens,
)

ASIDE_AT_END = pattern("sentence.aside_at_end")
TOOL = patterns("tool")
MOST_SENTENCES = 5
MOST_TOOLS = 100
MOST_TOUCHED = 24
MOST_PIECES = 8
MOST_EARLIER = 40
MOST_READ = 40_000
LONGEST_DESCRIPTION = 1_000
LABELLED = re.compile(r"[\w ]{1,30}: ")
OPEN_QUOTATION = re.compile(
    r"(?:[^\"`'“]++|\"[^\"]*+\"|`[^`]*+`|“[^”]*+”|(?<=\w)'|'[^']*+'(?!\w))*+[\"`'“]"
)


def named_orders(text: str, call: ModelCall, sources: Callable[[], Sources]) -> list[Order]:
    """Return the calls that a message orders by name, or that it completes: `in Hamburg`."""
    text = _corrected(text[:MOST_READ])
    by_name = tool_orders(text, call) or workspace_orders(text, call)
    return by_name or answered_order(text, call, recalling(sources))


@remembered
def _corrected(text: str) -> str:
    return rewritten(text, "corrected")


def wished_orders(text: str, call: ModelCall, sources: Callable[[], Sources]) -> list[Order]:
    """Return the calls that clearly answer or obey a message, unless the answer was told before.

    NotCallable if an order clearly means a tool but lacks what the tool needs.
    """
    text = _corrected(text)
    touched = _touched(text, own_tools(call.schemas)[:MOST_TOOLS])
    recall = recalling(sources)
    if more := more_of_the_same(text, call, recall):
        return more
    if not touched or tool_orders(text, call):
        return []
    orders: list[Order] = []
    lacking = ""
    earlier = recent_texts(call.messages, MOST_EARLIER)[:-1]
    fitting = _Fitting(touched, recall, earlier)
    for fit, sentence in fitting.fits_in(text):
        asks = kind(sentence) == "question"
        if asks and not fit.read.sure and not TOOL.asked_to.search(sentence):
            told_before = told_answer(sentence, sources())
            if any(not mood_of(one.clause, touched) for one in told_before):
                continue
        points = TOOL.pronoun.search(sentence) is not None
        read = _completed(fit.read, earlier, call if points else None)
        if read.missing:
            lacking = lacking or needs(fit.tool, read.missing)
        else:
            orders += [(fit.tool, one) for one in read.calls() * repeats(fit.tool, sentence)]
    if (lacking or fitting.alike) and not orders:
        raise NotCallable(lacking or f"Which tool do you mean: {' or '.join(fitting.alike)}?")
    return orders[:MOST_CALLS]


def _completed(read: Reading, earlier: Sequence[str], pointed: ModelCall | None) -> Reading:
    """Give what is still missing what was said earlier by its name, or what `it` points at."""
    for parameter in [one for one in read.takes.required if one.name in read.missing]:
        if parameter.is_timed or parameter.is_worded or "topic" in parameter.roles:
            continue
        is_id = "id" in parameter.roles
        value = just_named(parameter, pointed) if pointed and is_id else ""
        value = value or _told_earlier(parameter, earlier)
        code = code_in(value) if is_id else None
        if value:
            read.arguments[parameter.name] = code[0] if code else value
    return read


def _told_earlier(parameter: RoleParameter, earlier: Sequence[str]) -> str:
    """Return the value of a parameter in an earlier message: `My plate is GH 551 K`."""
    names = "|".join(re.escape(one).replace(r"\ ", r"[\s_-]") for one in parameter.labels)
    form = pattern("argument.told", names=names or r"\0") if parameter.is_text else None
    found = (form.search(text) for text in reversed(earlier)) if form else ()
    told = next(filter(None, found), None)
    if told and parameter.look:
        look = getattr(ARGUMENT, parameter.look).search(told.string, told.start("value"))
        return str(look[0]) if look else ""
    return ASIDE_AT_END.sub("", told["value"].strip()) if told else ""


def is_exact_order(text: str, call: ModelCall, sources: Callable[[], Sources]) -> bool:
    """Return whether an order names what a tool does and to what, and does not speak of memory.

    It may lack arguments if it has every word of the tool's name, `log my hours` for log_hours, or
    its verb for what was just told with a value that the tool takes: `I ran 8 km, log it`.
    """
    if workspace_orders(text, call):
        return True
    touched = _touched(text, own_tools(call.schemas)[:MOST_TOOLS])
    if not touched or TOOL.remembering.search(text[:SHORT]):
        return False
    fits = _Fitting(touched, recalling(sources)).fits_in(text)
    return any(
        (fit.exact and (not fit.read.missing or evidence_for(fit.tool, said).is_whole))
        or (fit.read.beside.refers and fit.read.sure and evidence_for(fit.tool, said).literal)
        for fit, said in fits
    )


def recalling(sources: Callable[[], Sources]) -> Recall:
    """Return a function for what was told before of the user's own: `sister`, `where I live`."""

    def recall(name: str) -> str:
        call = sources().call
        earlier = [one for one in call.messages[: newest(call.messages)] if one.role == "user"]
        told = Sources(replace(call, messages=earlier))
        home = {"city", "live"}.issuperset(concepts(tokens(name)))
        found = bare_value("city" if name.startswith("where ") or home else name, told)
        words = frozenset(lower_words(found))
        return "" if words <= SILENT | ATTRIBUTES or words & FIRST_PERSON else found

    return recall


def _touched(text: str, tools: Sequence[ToolSchema]) -> list[ToolSchema]:
    """Return the tools whose words a message has. Of very many these are the best ones.

    A tool with a manual for its description is called by its name alone.
    """
    short = text[: MOST_SENTENCES * SHORT]
    short = f"{short} {' '.join(rewritten(one, 'asked') for one in _sentences(short))}"
    plain = [one for one in tools if len(one.description) <= LONGEST_DESCRIPTION]
    return touched_by(short, plain)[:MOST_TOUCHED]


def _sentences(text: str) -> list[str]:
    """Return the first sentences, each cut. A preposition and a quotation go on:
    `"Ready? Go." for Al`."""
    joined: list[str] = []
    for one in islice(sentences(text), MOST_SENTENCES):
        if joined and (one.partition(" ")[0] in PREPOSITIONS or OPEN_QUOTATION.match(joined[-1])):
            joined[-1] = f"{joined[-1]} {one}"[:SHORT]
        else:
            joined.append(one[:SHORT])
    return joined


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Finds the orders of a message. It reads a part of a sentence once, and so much in all."""

    tools: Sequence[ToolSchema]
    recall: Recall
    earlier: Sequence[str] = ()
    best: dict[tuple[str, str], Fit | None] = field(default_factory=dict)
    moods: dict[str, str] = field(default_factory=dict)
    alike: list[str] = field(default_factory=list)

    def fits_in(self, text: str) -> Iterator[tuple[Fit, str]]:
        """Yield each order of a message, and its words."""
        pieces = [one for part in _sentences(text) for one in self._pieces(part)]
        pieces = self._completed([self._plainer(one) for one in pieces])
        moods = [self._mood(one) for one in pieces]
        ordered = "order" in moods
        for place, piece in enumerate(pieces):
            if not moods[place] or (ordered and moods[place] == "words"):
                continue
            refers = "" in moods[place:] or "words" in moods[place + 1 :]
            others = [one for one in pieces if one is not piece]
            told = [o for o in others if self._mood(o) in ("", "words") or not self._best(o)]
            reasons = [one.strip(" .!") for one in told]
            for fit in self._each(TOOL.parallel.sub(" ", piece), "; ".join(told), refers):
                reason = next(
                    (one for one in reversed(reasons) if fit.read.has_left(one)),
                    "",
                )
                for parameter in fit.read.open if reason else ():
                    if "reason" in parameter.roles:
                        fit.read.arguments[parameter.name] = reason
                yield fit, piece

    def _plainer(self, piece: str) -> str:
        """Return a question that no tool fits as an order that one does, or as it is."""
        plainer = rewritten(piece, "asked")
        return plainer if plainer != piece and self._best(plainer) else piece

    def _completed(self, pieces: list[str]) -> list[str]:
        """Join what only completes an order to it: `Start it? Skip the tests`."""
        whole: list[str] = []
        for piece in pieces:
            goes_on = whole and (self._mood(piece) or LABELLED.match(piece))
            before = self._best(whole[-1]) if goes_on else None
            if before and (LABELLED.match(piece) or not self._best(piece)):
                joined = f"{whole[-1].rstrip('?.! ')}, {piece}"[:SHORT]
                read = read_order(before.tool, joined, Beside(self.recall))
                if before.read.arguments.items() < read.arguments.items():
                    whole[-1] = joined
                    continue
            whole.append(piece)
        return whole

    def _pieces(self, sentence: str) -> list[str]:
        """Cut a sentence where a further order or a statement begins, if both sides can stand."""
        pieces: list[str] = []
        start = 0
        for joint in islice(TOOL.joint_or_colon.finditer(sentence), MOST_PIECES):
            left, right = sentence[start : joint.start()], sentence[joint.end() :]
            if joint[0][0] == ":" and self._mood(left):
                continue
            free = TOOL.free.search(left)
            clause = begins_clause(expand(right)) and not right[:1].isdecimal()
            states = not free and clause and len(tokens(left)) > 1
            if states or (self._begins_order(right) and self._stands(left, right)):
                pieces.append(left)
                start = joint.end()
        return [*pieces, sentence[start:]]

    def _stands(self, left: str, right: str) -> bool:
        """Return whether two parts of a sentence are two orders, or a statement and an order."""
        points = self._mood(left) == "words" and of_it(right) != ""
        if points or not self._mood(left):
            return True
        before, after = self._best(left), self._best(right)
        return bool(
            before
            and after
            and not (before.tool is after.tool and after.read.missing)
            and (after.exact or not before.read.is_free)
        )

    def _begins_order(self, text: str) -> bool:
        first = next(iter(tokens(plain(text)[:40])), "").lower()
        if first not in ORDERS and (first.endswith("ed") or first in IRREGULAR_PAST):
            return False
        forms = (ARGUMENT.imperative, TOOL.wish, TOOL.asked_to)
        known = first in ORDERS | LOOKING or is_verb(first) or any(one.match(text) for one in forms)
        return known or any(stem(first) in words_of(one).likely for one in self.tools)

    def _each(self, piece: str, context: str, refers: bool) -> Iterator[Fit]:
        """Yield an order, and again for values behind `and`: `the hall to 20, the bath to 24`."""
        whole = self._best(piece, context, refers)
        opening = TOOL.joint.search(piece)
        fit = whole or (self._best(piece[: opening.start()]) if opening else None)
        reads = self._shared(fit, piece, whole) if fit else []
        yield from (fit._replace(read=one) for one in reads) if fit else ()
        if whole and not reads:
            yield whole

    def _shared(self, fit: Fit, piece: str, whole: Fit | None) -> list[Reading]:
        """Return a reading for each part of an order that gives a call of its own; [] if none."""
        if len(fit.read.arguments) < 2 or any(
            one.kind == "array" for one in fit.read.takes.required
        ):
            return []
        reads: list[Reading] = []
        labels = tuple(label for one in fit.read.takes.every for label in one.labels)
        start = 0
        for joint in islice(TOOL.joint.finditer(piece), MOST_PIECES):
            left = read_order(fit.tool, piece[start : joint.start()], Beside(self.recall))
            rest = piece[joint.end() :]
            if left.missing or left.is_free or rest.lower().startswith(labels):
                continue
            right = read_order(fit.tool, rest, Beside(self.recall))
            unclear = right.missing or (whole and right.unexplained)
            if left.arguments.keys() == right.arguments.keys() and not unclear:
                reads.append(left)
                start = joint.end()
        return [*reads, read_order(fit.tool, piece[start:], Beside(self.recall))] if reads else []

    def _mood(self, piece: str) -> str:
        if piece not in self.moods:
            self.moods[piece] = mood_of(piece, self.tools)
        return self.moods[piece]

    def _best(self, piece: str, context: str = "", refers: bool = False) -> Fit | None:
        read = sum(len(one) for one, _ in self.best)
        key = piece, context
        if (
            key not in self.best
            and (mood := self._mood(piece))
            and read * len(self.tools) < MOST_READ
        ):
            beside = Beside(self.recall, context, refers)
            fits = best_fits(piece, mood, self.tools, beside)
            self.best[key] = fits[0] if len(fits) == 1 else None
            if len(fits) > 1 and mood == "order" and all(one.exact for one in fits):
                self.alike[:] = [one.tool.name for one in fits]
        return self.best.get(key)
