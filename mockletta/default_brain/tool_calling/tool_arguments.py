"""Arguments: what the words of an order give for the parameters of a tool.

The surest reading comes first: texts behind the name of a parameter, texts to hand on word for word
(`saying ...`), then choices, switches, times and numbers. Each takes its words away. What is left
is cut into phrases, and each phrase goes to the text that it fits best.
"""

import re
from collections.abc import Sequence

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.order_phrases import code_in
from mockletta.default_brain.tool_calling.text_arguments import read_phrases
from mockletta.language.amounts import with_whole_spans
from mockletta.language.order_readings import (
    ALONE,
    ARGUMENT,
    BLANK,
    PASSING,
    QUOTED,
    Beside,
    Reading,
    is_number,
    labelled,
    unquoted,
)
from mockletta.language.parameter_roles import NAMING, RoleParameter, ToolParameters, roles_of
from mockletta.language.typed_values import read_typed
from mockletta.language.words import (
    NUMBERS,
    concept,
    concepts,
    is_verb,
    pattern,
    rewritten,
    stem,
    tokens,
    word_set,
)

AT_END = pattern("sentence.aside_at_end")
COUNTED = word_set("times count n repeat repetitions number_of_times")
TIMES = re.compile(
    rf"\b(?:(?P<once>once|twice|thrice)|(?P<n>\d{{1,2}}|{'|'.join(list(NUMBERS)[2:21])}) times)\b"
    r"(?! \d)(?: each)?",
    re.IGNORECASE,
)
ENDING_TIMES = re.compile(TIMES.pattern + r"(?=[\s.!?]*$)", re.IGNORECASE)


def read_order(tool: ToolSchema, text: str, beside: Beside = ALONE) -> Reading:
    """Read the arguments for a tool from an order. They stand in the order of its schema."""
    takes = roles_of(tool)
    text = _with_plain_numbers(text, takes)
    context = beside.context and _with_plain_numbers(beside.context, takes)
    read = fill(takes, text, beside._replace(context=context))
    explained = {one.name for one in takes.required if one.explains}
    if read.arguments and not context and explained.issuperset(read.missing):
        read.arguments |= dict.fromkeys(read.missing, text.strip())
    return read


def _with_plain_numbers(text: str, takes: ToolParameters) -> str:
    """Write what numbers tell so that a parameter can take it: `twice` as `2 times`."""
    numbers = [one for one in takes.every if one.is_number]
    if len(numbers) > 1:
        text = ARGUMENT.multiplied.sub(" by ", text)
    announced = ARGUMENT.announced.search(text)
    if announced and concept(announced["things"]) in takes.known:
        text = ARGUMENT.announced.sub(r"\g<things> ", text).replace(" and one ", " and ")
    if any("duration" in one.measures for one in numbers):
        text = with_whole_spans(text)
    if COUNTED.isdisjoint(one.name.lower() for one in numbers):
        return ENDING_TIMES.sub("", text)
    return rewritten(text, "times")


def fill(takes: ToolParameters, text: str, beside: Beside = ALONE) -> Reading:
    """Find an argument for each parameter in a text."""
    text = ARGUMENT.courtesy.sub("", text)
    whole = f"{text}; {beside.context}" if beside.context else text
    read = Reading(whole, takes.known, takes.required, takes.optional, beside.recall, len(text))
    read.parents, read.refers = takes.parents, beside.refers
    _read_stated(read)
    _read_labelled(read)
    free = _find_free(read)
    read_typed(read)
    for clause in ARGUMENT.relative_clause.finditer(read.rest):
        if read.arguments:
            read.blank(*clause.span())
    if free:
        parameter, start, end = free
        read.take(parameter, unquoted(read.text[start:end].strip()), sure=True)
        read.is_free = True
    read_phrases(read)
    found = read.arguments
    read.arguments = {name: found[name] for name in takes.names if name in found}
    return read


def _read_labelled(read: Reading) -> None:
    """Read a quotation, a code or a path behind the name of a parameter."""
    if not re.search(r"[\"“`'\u2018@/\\.\d]", read.text):
        return
    for parameter in [one for one in read.open if one.is_text and one.look in ("", "path")]:
        called = sorted(NAMING) if "title" in parameter.roles else []
        found = labelled("labelled", (*parameter.labels, *called)).search(read.rest)
        before = read.rest[max(0, found.start() - 60) : found.start()] if found else ""
        named = not parameter.is_worded and ARGUMENT.named_before.search(before)
        counted = found and (found[3] or "")[-1:].isdigit()
        if found and not named and not (counted and (parameter.is_worded or parameter.is_timed)):
            value = next(filter(None, found.groups()))
            value = value.rstrip(".,;!?)") if found[3] else value
            read.take(parameter, value, found.span(), sure=True)


def _read_stated(read: Reading) -> None:
    """Read texts behind the names of their parameters: `subject: Hello, body: See you`."""
    labels = {label: one for one in reversed(read.open) for label in one.labels}
    marks = [*labelled("text_of", tuple(labels)).finditer(read.rest, 0, read.own)]
    for place, mark in enumerate(marks):
        after = marks[place + 1].start() if mark is not marks[-1] else read.own
        parameter = labels[re.sub(r"[\s_-]", " ", mark["label"].lower())]
        clear = mark["mark"] or len(marks) > 1 or mark[0][0] == ":" or not mark.start()
        if clear and parameter in read.open and not (parameter.is_typed or parameter.is_timed):
            end = _shortened(parameter, mark.end(), after, read)
            value = unquoted(read.text[mark.end() : end].strip(" ,;.\n"))
            read.take(parameter, value, (mark.start("label"), end), sure=True)


def _texts(read: Reading) -> list[RoleParameter]:
    """Return the open parameters that take any text, the likeliest first."""
    texts = [one for one in read.open if one.is_text and not one.look]
    direct = [one for one in texts if one.is_direct] or texts
    by_role = sorted(direct, key=lambda one: ("text" not in one.roles, "title" not in one.roles))
    return sorted(by_role, key=lambda one: one not in read.required)


def _find_free(read: Reading) -> tuple[RoleParameter, int, int] | None:
    """Find the text that is to be handed on word for word, and blank it."""
    texts = [one for one in _texts(read) if one.is_worded or "topic" in one.roles]
    reasons = [one for one in read.open if one.is_text and "reason" in one.roles]
    for match in ARGUMENT.free.finditer(read.rest[: read.own]) if texts or reasons else ():
        takers = reasons if match["why"] else texts
        start, end = match.end(), len(read.rest[: read.own].rstrip(" .!\n"))
        if not takers or not _introduces(match, takers[0], read):
            continue
        end = _shortened(takers[0], start, end, read)
        if start < end and not _is_typed(start, end, read):
            read.blank(match.start(), end)
            return takers[0], start, end
    return None


def _introduces(match: re.Match[str], parameter: RoleParameter, read: Reading) -> bool:
    """Return whether a colon, `saying`, `that` or `to` stands before a text for a parameter."""
    rest = read.rest[match.end() :]
    if match["colon"]:
        before = next(reversed(tokens(read.rest[: match.start()].lower())), "")
        others = [one for one in read.every if not one.is_worded]
        is_taken = rest.startswith(BLANK)
        return not is_taken and not any(before in one.labels for one in others)
    if match["to"]:
        first = next(iter(tokens(rest[:40])), "")
        own = read.knows(first) or stem(first) in read.known
        chosen = any(first == one.lower() for taker in read.every for one in taker.choices)
        acts = first.islower() and is_verb(first) and not own and not chosen
        return parameter.is_worded and acts and bool(read.rest[: match.start()].strip())
    return parameter.is_worded or bool(match["why"])


def _shortened(parameter: RoleParameter, start: int, end: int, read: Reading) -> int:
    """Return where a text ends before what is for other parameters: `, it's urgent`, a time."""
    others = [one for one in read.open if one is not parameter]
    labels = [label for one in others for label in one.labels if len(label) > 2]
    labels += ["assign it", "assign to"] * any("person" in one.roles for one in others)
    if found := labelled("for_others", tuple(labels)).search(read.rest, start, end):
        end = found.start()
    while (aside := ARGUMENT.aside.search(read.rest, start, end)) and _is_typed(
        *aside.span(1), read
    ):
        end = aside.start()
    timed = any(one.is_timed for one in read.open)
    lasting = any(one.is_number and "duration" in one.measures for one in read.open)
    for match in ARGUMENT.when.finditer(read.rest, start, end) if timed or lasting else ():
        relative = not (match["day"] or match["clock_"])
        if start < match.start() and match.end() == end and (timed or relative):
            before = read.rest[start : match.start()].rstrip(" ,")
            end = start + len(re.sub(r"\s(?:on|at|by|for)$", "", before))
    return end


def _is_typed(start: int, end: int, read: Reading) -> bool:
    """Return whether a part of an order is only for parameters that are not just texts."""
    text = read.rest[start:end]
    if any(one.is_timed for one in read.open):
        text = ARGUMENT.when.sub(" 0 ", text)
    typed = {word for one in read.every if not one.is_text for word in one.words}
    typed.update(concepts(tokens(" ".join(" ".join(one.choices) for one in read.every))))
    words = concepts(word for word in tokens(text) if word.lower() not in PASSING)
    counts = any(one.is_number or one.is_timed for one in read.every)
    return bool(words) and all(one in typed or (counts and is_number(one)) for one in words)


def cuts_quotation(read: Reading) -> bool:
    """Return whether an argument is only a part of what stands in quotation marks."""
    quoted = [str(one[one.lastindex or 0]) for one in QUOTED.finditer(read.text)]
    values = [one for one in read.arguments.values() if isinstance(one, str)]
    cut = (one for one in quoted if one not in values)
    return any(value in one for one in cut for value in values)


def completed(read: Reading, earlier: Sequence[str]) -> Reading:
    """Give what is still missing what was said earlier by its name."""
    for parameter in [one for one in read.required if one.name in read.missing]:
        if not parameter.is_timed and (value := _told_earlier(parameter, earlier)):
            code = code_in(value) if "id" in parameter.roles else None
            read.arguments[parameter.name] = code[0] if code else value
    return read


def _told_earlier(parameter: RoleParameter, earlier: Sequence[str]) -> str:
    """Return the value of a parameter in an earlier message: `My plate is GH 551 K`."""
    form = labelled("told", parameter.labels) if parameter.is_text else None
    found = (form.search(text) for text in reversed(earlier)) if form else ()
    told = next(filter(None, found), None)
    if told and parameter.look:
        look = getattr(ARGUMENT, parameter.look).search(told.string, told.start("value"))
        return str(look[0]) if look else ""
    return AT_END.sub("", told["value"].strip()) if told else ""
