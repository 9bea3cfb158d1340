"""Arguments: what the words of an order give for the parameters of a tool.

The surest reading comes first: texts behind the name of a parameter, texts to hand on word for word
(`saying ...`), then choices, switches, times and numbers. Each takes its tokens away. What is left
is cut into phrases, and each goes to the text that it fits best.
"""

import re

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.amounts import read_amounts
from mockletta.default_brain.tool_calling.order_readings import (
    ALONE,
    ARGUMENT,
    PASSING,
    Beside,
    Reading,
    is_numeral,
    tokenized,
    unquoted,
)
from mockletta.default_brain.tool_calling.parameter_roles import (
    RoleParameter,
    ToolParameters,
    roles_of,
)
from mockletta.default_brain.tool_calling.text_values import read_texts
from mockletta.default_brain.tool_calling.typed_values import read_typed
from mockletta.language.words import (
    BE,
    NUMBERS,
    concept,
    concepts,
    is_verb,
    rewritten,
    stem,
    tokens,
    word_set,
)

COUNTED = word_set("times count n repeat repetitions number_of_times")
TIMES = re.compile(
    rf"\b(?:(?P<once>once|twice|thrice)|(?P<n>\d{{1,2}}|{'|'.join(list(NUMBERS)[2:21])}) times)\b"
    r"(?! \d)(?: each)?",
    re.IGNORECASE,
)
ENDING_TIMES = re.compile(TIMES.pattern + r"(?=[\s.!?]*$)", re.IGNORECASE)
STATING = word_set("is says : =")
HAVING = BE | word_set("has have does")
BEGINNING = word_set(", ; . : ! ? and with")
LINKING = word_set("is of to named called number = : #")
PLACING = word_set("on in at to from for via")
QUOTING = {"saying"} | {
    f"{one} {verb}" for one in ("that", "which") for verb in ("says", "say", "reads", "read")
} | {f"with the {noun}" for noun in ("text", "message", "words", "body")}  # fmt: skip
OWNING = word_set("the our my a an")


def read_order(tool: ToolSchema, text: str, beside: Beside = ALONE) -> Reading:
    """Read the arguments for a tool from an order. They stand in the order of its schema."""
    takes = roles_of(tool)
    context = beside.context and _with_plain_numbers(beside.context, takes)
    read = fill(takes, _with_plain_numbers(text, takes), beside._replace(context=context))
    explained = {one.name for one in takes.required if one.explains}
    if read.arguments and not context and explained.issuperset(read.missing):
        read.arguments |= dict.fromkeys(read.missing, text.strip())
    return read


def _with_plain_numbers(text: str, takes: ToolParameters) -> str:
    """Write what numbers tell so that a parameter can take it: `twice` as `2 times`."""
    numbers = [one for one in takes.every if one.is_number]
    if concept("side") in takes.known:
        text = rewritten(text, "dice")
    announced = ARGUMENT.announced.search(text)
    if announced and concept(announced["things"]) in takes.known:
        text = ARGUMENT.announced.sub(r"\g<things> ", text).replace(" and one ", " and ")
    if COUNTED.isdisjoint(one.name.lower() for one in numbers):
        return ENDING_TIMES.sub("", text)
    return rewritten(text, "times")


def fill(takes: ToolParameters, text: str, beside: Beside = ALONE) -> Reading:
    """Find an argument for each parameter in a text."""
    text = ARGUMENT.courtesy.sub("", text)
    timed = any(one.is_timed for one in takes.every)
    own = tokenized(text, relative=timed)
    whole = f"{text}; {beside.context}" if beside.context else text
    every = tokenized(whole, relative=timed) if beside.context else own
    read = Reading(whole, takes, beside, every, len(own))
    _read_stated(read)
    _read_labelled(read)
    free = _find_free(read)
    read_typed(read)
    read_amounts(read)
    if free:
        parameter, start, end = free
        read.take(parameter, unquoted(read.span(start, end).strip(" .!")), sure=1)
        read.is_free = True
    read_texts(read)
    found = read.arguments
    read.arguments = {name: found[name] for name in takes.names if name in found}
    return read


def _read_stated(read: Reading) -> None:
    """Read texts behind the names of their parameters: `subject: Hello, body: See you`."""
    marks: list[tuple[int, int, RoleParameter]] = []
    clear = False
    for place in range(read.own):
        begins = not place or read.low(place - 1) in BEGINNING
        start = place + (read.low(place) in ("the", "a", "its"))
        named = next((o for o in read.open if begins and read.label_end([o], start)), None)
        end = read.label_end([named], start) if named else start + 1
        if begins and named is None and read.low(end) == ":":
            named = next((o for o in read.open if read.low(start) in o.synonyms), None)
        if named and read.low(end) in STATING and end + 1 < read.own:
            marks.append((place, end + 1, named))
            clear = (
                clear or not place or ":" in (read.low(end), read.low(place - 1)) or len(marks) > 1
            )
    ends = [place for place, _, _ in marks[1:]] + [read.own]
    for (place, start, one), after in zip(marks, ends, strict=False):
        if clear and one in read.open and not (one.is_typed or one.is_timed):
            end = _shortened(one, start, after - (read.low(after - 1) == "and"), read)
            read.take(one, unquoted(read.span(start, end).strip(" ,;.\n")), place, end, sure=1)


def _read_labelled(read: Reading) -> None:
    """Read a quotation, a code or a path behind the name of a parameter, unless something before
    that name is its value: `in the #dev channel`."""
    for one in [one for one in read.open if one.is_text and one.look in ("", "path")]:
        for place in range(len(read.tokens)):
            if not (end := read.label_end([one], place)):
                continue
            while read.low(end) in LINKING:
                end += 1
            low = read.low(end)
            kind = read.tokens[end].kind if low else ""
            first = place - 2 - (read.low(place - 2) in OWNING)
            told = (
                read.low(first) in ("to", "into", "in", "on") and read.low(place - 1) not in OWNING
            )
            number = kind == "number" and not (
                one.is_worded or one.is_timed or "." in low
                or read.low(end + 1) == "%" or read.low(end - 1) == "to"
            )  # fmt: skip
            code = kind == "code" and not (one.is_worded and (low[0] == "#" or low[-1].isdigit()))
            if (kind == "quoted" or number or code) and (one.is_worded or not told):
                value = unquoted(read.tokens[end].text.rstrip(".,;!?")).lstrip("#")
                read.take(one, value, place, end + 1, sure=1)
                break


def _find_free(read: Reading) -> tuple[RoleParameter, int, int] | None:
    """Find the text that is to be handed on word for word, and take its tokens."""
    texts = [one for one in read.open if one.is_text and not one.look]
    texts = [one for one in texts if one.is_direct] or texts
    texts.sort(
        key=lambda one: (
            one not in read.takes.required,
            "text" not in one.roles,
            "title" not in one.roles,
        )
    )
    texts = [one for one in texts if one.is_worded or "topic" in one.roles]
    reasons = [one for one in read.open if one.is_text and "reason" in one.roles]
    last = read.own
    ends = (".", "!", "?") if read.low(0) in ("can", "could", "would", "will") else (".", "!")
    while last and read.low(last - 1) in ends:
        last -= 1
    for place in range(last) if texts or reasons else ():
        takers = reasons if read.low(place) == "because" else texts
        start = _introduced(place, takers[0], read) if takers else 0
        end = _shortened(takers[0], start, last, read) if 0 < start < last else 0
        if start < end and not _is_typed(start, end, read):
            read.blank(range(place, end))
            return takers[0], start, end
    return None


def _introduced(place: int, one: RoleParameter, read: Reading) -> int:
    """Return where a text begins that a colon, `saying`, `that` or `to` introduces; 0 if none."""
    low, after = read.low(place), read.low(place + 1)
    if low == ":":
        others = [other for other in read.takes.every if not other.is_worded]
        labelled = any(read.low(place - 1) in other.labels for other in others)
        spaced = read.text[read.tokens[place].end :][:1].isspace()
        return place + 1 if place and after and spaced and not labelled else 0
    if low == "because":
        return place + 1 + (after == "of")
    return _worded(place, read) if one.is_worded else 0


def _worded(place: int, read: Reading) -> int:
    """Return where a text in somebody's words begins that `saying`, `that` or `to` introduces."""
    low, after = read.low(place), read.low(place + 1)
    if count := next((n for n in (3, 2, 1) if read.words(place, n) in QUOTING), 0):
        return place + count + (read.low(place + count) == "that")
    if low == "say" and read.low(place - 1) in (",", "and"):
        return place + 1
    follows = read.tokens[place + 1] if after and place + 2 < read.own else None
    if follows is None or follows.kind not in ("word", "number", "code"):
        return 0
    acts = follows.text.islower() and is_verb(after) and place > 0
    own = read.knows(after) or stem(after) in read.takes.known
    told = low == "that" and after not in ("to", "via", "with")
    return place + 1 if told or (low == "to" and acts and not own) else 0


def _shortened(one: RoleParameter, start: int, end: int, read: Reading) -> int:
    """Return where a text ends before what is for other parameters: `, it's urgent`, a time."""
    others = [other for other in read.open if other is not one]
    assigned = any("person" in other.roles for other in others)
    last = end - (read.low(end - 1) in ("?", ".", "!"))
    for mark in range(start + 1, end):
        low, first = read.low(mark), mark + 1
        while read.low(first) in ("and", "please", "the", "a", "its"):
            first += 1
        label = read.label_end(others, first)
        if low in (",", ";", ".", "-", "\u2013"):
            assigns = assigned and read.words(first, 2) in ("assign it", "assign to")
            named = label and read.low(label) not in HAVING
            cut = named or assigns or _is_typed(mark + 1, end, read)
        elif low == "with":
            cut = label > 0
        else:
            behind = [n for n in (last - 2, last - 1) if read.label_end(others, n) == last]
            cut = (
                low in PLACING and read.low(mark + 1) in OWNING and bool(behind) and last - mark < 5
            )
        if cut:
            return _shortened(one, start, mark - (read.low(mark - 1) == "and"), read)
    timed = any(other.is_timed for other in read.open)
    lasting = any(other.is_number and "duration" in other.measures for other in read.open)
    if timed and end - 1 > start and read.tokens[end - 1].kind in ("when", "relative"):
        return end - 1 - (read.low(end - 2) in ("on", "at", "by", "for"))
    in_some = (
        end - 3 > start and read.low(end - 3) in ("in", "for") and is_numeral(read.low(end - 2))
    )
    return end - 3 * (lasting and in_some)


def _is_typed(start: int, end: int, read: Reading) -> bool:
    """Return whether a part of an order is only for parameters that are not just texts."""
    timed = any(one.is_timed for one in read.open)
    counts = timed or any(one.is_number for one in read.takes.every)
    choices = " ".join(choice for one in read.takes.every for choice in one.choices)
    typed = {word for one in read.takes.every if not one.is_text for word in one.words}
    typed.update(concepts(tokens(choices)))
    when = [one.kind in ("when", "relative") for one in read.tokens[start:end]]
    words = [
        meant
        for one, is_time in zip(read.tokens[start:end], when, strict=True)
        for word in tokens("" if is_time else one.text)
        if word.lower() not in PASSING and (meant := concept(word))
    ]
    fits = all(one in typed or (counts and is_numeral(one)) for one in words)
    return bool(words or any(when)) and fits and (timed or not any(when))
