"""Arguments: what the words of an order give for the parameters of a tool.

The surest reading comes first: texts behind the name of a parameter, texts to hand on word for word
(`saying ...`), then choices, switches, times and numbers. Each takes its words away. What is left
is cut into phrases at its prepositions, and each phrase goes to the text that it fits best.
"""

import re
from functools import lru_cache

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.order_phrases import QUOTED, label_of
from mockletta.default_brain.tool_calling.phrase_evidence import is_only_text
from mockletta.default_brain.tool_calling.text_arguments import read_phrases
from mockletta.language.amounts import with_whole_spans
from mockletta.language.order_reading import (
    BLANK,
    PASSING,
    WHEN,
    Reading,
    Recall,
    grouped,
    is_number,
)
from mockletta.language.parameter_roles import (
    DIRECT,
    HEADS,
    RoleParameter,
    ToolParameters,
    roles_of,
    typed_words,
)
from mockletta.language.typed_values import read_typed
from mockletta.language.words import (
    NUMBERS,
    concept,
    concepts,
    is_verb,
    pattern_text,
    patterns,
    rewritten,
    stem,
    tokens,
    word_set,
)

ARGUMENT = patterns("argument")
WORDED = frozenset({"text", "title"})
LINK = pattern_text("argument.link")
CODED = pattern_text("argument.coded")
LONGEST = 2000
COUNTED = word_set("times count n repeat repetitions number_of_times")
TIMES = re.compile(
    rf"\b(?:(?P<once>once|twice|thrice)|(?P<n>\d{{1,2}}|{'|'.join(list(NUMBERS)[2:21])}) times)\b"
    r"(?! \d)(?: each)?",
    re.IGNORECASE,
)


def read_order(
    tool: ToolSchema, text: str, recall: Recall = lambda _: "", context: str = ""
) -> Reading:
    """Read the arguments for a tool from an order. They stand in the order of its schema.

    `recall` returns what is known of something that the user calls `my ...`. `context` was said
    before the order.
    """
    takes = roles_of(tool)
    text = _with_plain_numbers(text, takes)
    read = fill(takes.required, takes.optional, text, takes.known, recall, context)
    names = [one for one in takes.names if one in read.arguments]
    read.arguments = {name: read.arguments[name] for name in names}
    read.parents = takes.parents
    return read


def _with_plain_numbers(text: str, takes: ToolParameters) -> str:
    """Write what numbers tell so that a parameter can take it: `twice` as `2 times`."""
    numbers = [one for one in takes.every if one.is_number]
    if len(numbers) > 1:
        text = ARGUMENT.multiplied.sub(" by ", text)
    if any("duration" in one.measures for one in numbers):
        text = with_whole_spans(text)
    if COUNTED.isdisjoint(one.name.lower() for one in numbers):
        return re.sub(TIMES.pattern + r"(?=[\s.!?]*$)", "", text, flags=re.IGNORECASE)
    return rewritten(text, "times")


def fill(
    required: list[RoleParameter],
    optional: list[RoleParameter],
    text: str,
    known: frozenset[str],
    recall: Recall = lambda _: "",
    context: str = "",
) -> Reading:
    """Find an argument for each parameter in a text."""
    whole = f"{text}; {context}" if context else text
    read = Reading(whole, known, required, optional, recall, len(text))
    _read_labelled(read)
    _find_free(read)
    _read_typed(read)
    if read.free and (texts := _texts(read)):
        read.take(texts[0], unquoted(text[slice(*read.free)].strip()))
        read.fitting += 1
    read_phrases(read)
    explained = {one.name for one in required if one.explains}
    if read.arguments and explained.issuperset(read.missing):
        read.arguments |= dict.fromkeys(read.missing, text.strip())
    return read


def _read_typed(read: Reading) -> None:
    """Read typed values such as numbers, except those in a quotation that is the value of a text.

    The words that introduce a value are left out too: `that take` in `soups that take an hour`.
    """
    kept = [one.span() for one in QUOTED.finditer(read.rest) if len(tokens(one[0])) > 2]
    kept = [one for one in kept if BLANK not in read.rest[slice(*one)]] if _texts(read) else []
    for span in kept:
        read.blank(*span)
    read_typed(read)
    for start, end in kept:
        read.rest = read.rest[:start] + read.text[start:end] + read.rest[end:]
    for clause in ARGUMENT.relative_clause.finditer(read.rest):
        if read.arguments:
            read.blank(*clause.span())


@lru_cache(512)
def _label_form(names: tuple[str, ...]) -> re.Pattern[str]:
    labels = "|".join(names)
    return re.compile(rf"\b(?:{labels}){LINK}(?:{QUOTED.pattern}|({CODED}))", re.IGNORECASE)


def _read_labelled(read: Reading) -> None:
    """Read a quotation, a code or a path behind the name of a parameter."""
    if not re.search(r"[\"“`'\u2018@/\\.]", read.text):
        return
    for parameter in [one for one in read.open if one.is_text]:
        called = sorted(HEADS["title"]) if "title" in parameter.roles else []
        found = _label_form((*parameter.names, *called)).search(read.rest)
        before = read.rest[max(0, found.start() - 60) : found.start()] if found else ""
        named = WORDED.isdisjoint(parameter.roles) and ARGUMENT.named_before.search(before)
        if found and not named:
            value = next(filter(None, found.groups()))
            read.take(parameter, value.rstrip(".,;!?)") if found[3] else value, found.span())


def _texts(read: Reading) -> list[RoleParameter]:
    """Return the open parameters that take any text, the likeliest first."""
    texts = [one for one in read.open if one.is_text]
    direct = [one for one in texts if one.is_direct] if len(texts) > 1 else texts
    by_role = sorted(direct, key=lambda one: ("text" not in one.roles, "title" not in one.roles))
    return sorted(by_role, key=lambda one: one not in read.required)


def _find_free(read: Reading) -> None:
    """Find the text that is to be handed on word for word, and blank it."""
    texts = _texts(read)
    takes_any = (
        texts
        and is_only_text(texts[0], read)
        and (not DIRECT.isdisjoint(texts[0].roles) or all(one.kind != "array" for one in read.open))
    )
    worded = any(one.roles & {"text", "title"} for one in texts)
    choices = {choice.lower() for one in read.every for choice in one.choices}
    for match in ARGUMENT.free.finditer(read.rest) if texts else ():
        start, end = match.end(), len(read.rest.rstrip(" .!\n"))
        first = next(iter(tokens(read.rest[start : start + 40])), "")
        labelled = match["colon"] and _are_labelled(read.text[start:end], read)
        if match["to"]:
            verb = (
                first.islower()
                and is_verb(first)
                and first not in choices
                and not _does(first, read)
            )
            if not (worded and verb and read.rest[: match.start()].strip()):
                continue
        elif labelled or not (worded or (match["colon"] and takes_any)):
            continue
        end = _without_labels(start, end, read)
        end = _without_time(start, _without_asides(start, end, read), read)
        if start < end and not _is_typed(start, end, read):
            read.free = (start, end)
            read.blank(match.start(), end)
            return


def _are_labelled(text: str, read: Reading) -> bool:
    """Whether a text is several values with the names of their parameters: `to Al, copies 3`."""
    labels = tuple(f"{label_of(one.name)} " for one in read.every)
    parts = re.split(r"[,;]\s*(?:and\s+)?|\band\s+", text.lower())
    return len([part for part in parts if part.startswith(labels)]) > 1


def _does(word: str, read: Reading) -> bool:
    return concept(word) in read.known or stem(word) in read.known


def _without_labels(start: int, end: int, read: Reading) -> int:
    """Return where a text ends before `with options ...`."""
    labels = "|".join(re.escape(label_of(one.name)) for one in read.open if len(one.name) > 2)
    label = re.compile(rf",?\s(?:and )?with (?:the )?(?:{labels})\b", re.IGNORECASE)
    found = label.search(read.rest, start, end) if labels else None
    return found.start() if found else end


def _without_asides(start: int, end: int, read: Reading) -> int:
    """Return where a text ends without `, it's urgent` and `, high priority`."""
    while aside := ARGUMENT.aside.search(read.rest, start, end):
        if not _is_typed(*aside.span(1), read):
            break
        end = aside.start()
    return end


def _is_typed(start: int, end: int, read: Reading) -> bool:
    """Return whether a part of an order is only for parameters that are not just texts."""
    text = read.rest[start:end]
    looks = [getattr(ARGUMENT, one.look) for one in read.open if one.look]
    if any(look.fullmatch(text) for look in looks):
        return True
    if any(one.is_timed for one in read.open):
        text = WHEN.sub(" 0 ", text)
    words = concepts(word for word in tokens(text) if word.lower() not in PASSING)
    typed = typed_words(read.every)
    counts = any(one.is_number or one.is_timed for one in read.every)
    return bool(words) and all(one in typed or (counts and is_number(one)) for one in words)


def _without_time(start: int, end: int, read: Reading) -> int:
    """Return where a text ends without the time that another parameter takes."""
    timed = any(one.is_timed for one in read.open)
    lasting = any(one.is_number and "duration" in one.measures for one in read.open)
    for match in read.times:
        relative = not (match["day"] or match["clock_"])
        if start < match.start() and match.end() == end and (timed or (lasting and relative)):
            before = read.rest[start : match.start()].rstrip(" ,")
            return start + len(re.sub(r"\s(?:on|at|by|for)$", "", before))
    return end


def cuts_quotation(read: Reading) -> bool:
    """Return whether an argument is only a part of what stands in quotation marks."""
    quoted = [str(one[one.lastindex or 0]) for one in QUOTED.finditer(read.text)]
    values = [one for one in read.arguments.values() if isinstance(one, str)]
    cut = (one for one in quoted if one not in values)
    return any(value in one for one in cut for value in values)


def unquoted(text: str) -> str:
    """Return a text without the quotation marks around it."""
    quoted = QUOTED.fullmatch(text)
    return str(quoted[quoted.lastindex or 0]) if quoted else text


def calls(read: Reading) -> list[dict[str, object]]:
    """Return the arguments of each call: one, or one for each further value of an argument."""
    found = [read.arguments, *({**read.arguments, **one} for one in read.more)]
    return [grouped(one, read.parents) for one in found]
