"""Order readings: the tokens of an order for a tool, and the arguments found in them so far."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mockletta.default_brain.tool_calling.parameter_roles import (
    RoleParameter,
    ToolParameters,
    senses,
)
from mockletta.language.words import (
    FIRST_PERSON,
    NUMBERS,
    concept,
    concepts,
    lexicon,
    patterns,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
RELATIVE_DAYS = lexicon("relative_days")
PASSING = lexicon("passing") | RELATIVE_DAYS
PASSING_CONCEPTS = frozenset(concepts(PASSING))
IDS = word_set("id number code symbol ticker")
ARTICLES = word_set("the a an its his her my our your")
LINKS = word_set("is of to for at on by set as called named number = : #")
LIMITS = word_set("""no not at up more less fewer than most least to under over below above max
    maximum of""")
STOPS = frozenset(".,;:!?()[]{}")
Recall = Callable[[str], str]


class OrderToken(NamedTuple):
    """A word, a number, a quotation, a code, a time or a mark of an order; `low` in lower case."""

    start: int
    end: int
    text: str
    low: str
    kind: str


class Beside(NamedTuple):
    """What is known beside an order: what the user calls `my ...`, and what was said with it.

    An order that `refers` means what was said beside it: `log that`.
    """

    recall: Recall = lambda _: ""
    context: str = ""
    refers: bool = False


ALONE = Beside()


def tokenized(text: str, *, relative: bool = False) -> list[OrderToken]:
    """Cut a text into its tokens. `relative` times such as `in 5 minutes` are one token."""
    form = ARGUMENT.timed_token if relative else ARGUMENT.token
    found: list[OrderToken] = []
    for one in form.finditer(text):
        said, low, kind = one[0], one[0].lower(), one.lastgroup or ""
        is_title = found and said[0].isupper() and low in RELATIVE_DAYS  # `Yesterday` is a song
        found.append(OrderToken(*one.span(), said, low, "word" if is_title else kind))
    return found


@dataclass(slots=True)
class Reading:
    """An order for a tool: its tokens, and the arguments that were found in them so far.

    `lows` are the tokens in lower case, "" for those that are taken. What stands behind the first
    `own` tokens was said beside the order. `more` are other values of one argument, for further
    calls. `sure` is how many values only fit their parameter, such as a choice or a measure in its
    unit.
    """

    text: str
    takes: ToolParameters
    beside: Beside
    tokens: list[OrderToken]
    own: int
    lows: list[str] = field(default_factory=list)
    arguments: dict[str, object] = field(default_factory=dict)
    more: list[dict[str, object]] = field(default_factory=list)
    sure: int = 0
    is_free: bool = False

    def __post_init__(self) -> None:
        self.lows = [one.low for one in self.tokens]

    @property
    def open(self) -> list[RoleParameter]:
        """The parameters without an argument."""
        return [one for one in self.takes.every if one.name not in self.arguments]

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.takes.required if one.name not in self.arguments]

    @property
    def unexplained(self) -> list[str]:
        """The concepts of the order that neither the tool is about nor an argument holds."""
        own = zip(self.tokens, self.lows[: self.own], strict=False)
        words = tokens(" ".join(one.text for one, low in own if low))
        words = [one for one in words if one.lower() not in PASSING and not self.knows(one)]
        found = concepts(one for one in words if not is_number(one) and one != "s")
        return [one for one in found if one not in PASSING_CONCEPTS]

    def low(self, place: int) -> str:
        """Return a token in lower case; "" outside the order or for one that is taken."""
        return self.lows[place] if 0 <= place < len(self.lows) else ""

    def words(self, place: int, count: int) -> str:
        """Return some tokens in lower case, with spaces between them; "" if one is taken."""
        found = self.lows[place : place + count]
        return " ".join(found) if len(found) == count and all(found) else ""

    def before(self, place: int) -> str:
        """Return the word before a token, or before `my` or `the` there."""
        return self.low(place - 1 - (self.low(place - 1) in ("my", "the")))

    def is_counted(self, place: int) -> bool:
        return place > 0 and is_numeral(self.tokens[place - 1].low)

    def span(self, start: int, end: int) -> str:
        """Return the text of some tokens."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def knows(self, word: str) -> bool:
        """Return whether a word is about the tool: a `cab` about a taxi."""
        return concept(word) in self.takes.known or not self.takes.known.isdisjoint(senses(word))

    def tells(self, text: str) -> bool:
        """Return whether a text says more than that the tool is meant."""
        told = [one for one in tokens(text) if concept(one) and not self.knows(one)]
        return len(told) > 1 or not PASSING.issuperset(told)

    def blank(self, places: Iterable[int]) -> None:
        """Take tokens away, so that nothing else is read from them."""
        for place in places:
            self.lows[place] = ""

    def take(
        self, parameter: RoleParameter, value: object, start: int = 0, end: int = 0, sure: int = 0
    ) -> None:
        """Take a value for a parameter, or for one more call if the parameter has one."""
        if parameter.name in self.arguments:
            self.more.append({parameter.name: value})
        else:
            self.arguments[parameter.name] = value
            self.sure += sure
        self.blank(range(start, end))

    def take_labelled(self, parameter: RoleParameter, value: object, start: int, end: int) -> None:
        """Take a value and what names its parameter: `due Friday`, `a width of 300`."""
        self.take(parameter, value, self.label_start(parameter, start), end, sure=1)

    def label_end(self, parameters: Iterable[RoleParameter], place: int) -> int:
        """Return where a name of one of these parameters that begins here ends; 0 if none does."""
        low = self.low(place)
        ends = [
            place + len(label)
            for one in parameters
            for label in one.label_words.get(low, ())
            if tuple(self.lows[place : place + len(label)]) == label
        ]
        return max(ends, default=0)

    def label_start(self, parameter: RoleParameter, place: int) -> int:
        """Return where the name of a parameter before a value begins, or where a limit does."""
        limit = place
        while self.low(limit - 1) in LIMITS:
            limit -= 1
        end = limit
        while self.low(end - 1) in LINKS:
            end -= 1
        for first in range(max(0, end - 4), end):
            if self.label_end([parameter], first) == end:
                start = first - (self.low(first - 1) in ARTICLES)
                return start - (self.low(start - 1) in ("with", ",", ";"))
        return limit

    def is_labelled(self, parameter: RoleParameter, place: int) -> bool:
        start = self.label_start(parameter, place)
        return any(self.label_end([parameter], one) for one in range(start, place))

    def has_left(self, text: str) -> bool:
        """Return whether the text holds another, and nothing was read from that."""
        start = self.text.rfind(text)
        inside = range(start, start + len(text))
        told = zip(self.tokens, self.lows, strict=True)
        return start >= 0 and all(low for one, low in told if one.start in inside)

    def drop_spoken_ids(self) -> None:
        """Drop what a question says of a thing if it was read as its id: `paid` of an invoice."""
        for one in [one for one in self.takes.required if not IDS.isdisjoint(one.parts)]:
            words = tokens(str(self.arguments.get(one.name, "0")))
            spoken = " ".join(words).islower() or any(w.lower() in FIRST_PERSON for w in words)
            if spoken and not any(map(str.isdigit, "".join(words))):
                del self.arguments[one.name]

    def calls(self) -> list[dict[str, object]]:
        """Return the arguments of each call: one, or one for each further value of an argument."""
        found = [self.arguments, *({**self.arguments, **one} for one in self.more)]
        return [grouped(one, self.takes.parents) for one in found]


def grouped(arguments: Mapping[str, object], parents: Mapping[str, str]) -> dict[str, object]:
    """Return arguments with those of an object in it: `city` in `address`."""
    made: dict[str, object] = {}
    for name, value in arguments.items():
        parent = parents.get(name, name)
        held = made.get(parent)
        given = {name: value} if name in parents else value
        if isinstance(held, dict) and isinstance(given, dict):
            given = {**held, **given}
        made[parent] = given
    return made


def is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdecimal()


def is_numeral(word: str) -> bool:
    return is_number(word) or word.lower() in NUMBERS


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around it."""
    quoted = ARGUMENT.quoted.fullmatch(text)
    return str(quoted[quoted.lastindex or 0]) if quoted else text
