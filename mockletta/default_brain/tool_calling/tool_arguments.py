"""Arguments: what the words of an order give for the parameters of a tool.

The surest reading comes first: texts behind the name of a parameter, texts to hand on word for word
(`saying ...`), then choices, switches, times and numbers. Each takes its words away. What is left
is cut into phrases at its prepositions, and each phrase goes to the text that it fits best.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.order_phrases import (
    LISTED,
    NAMED,
    QUOTED,
    QUOTES,
    Phrase,
    code_in,
    evidence,
    is_only_text,
    joins,
    label_of,
    outside_quotations,
    phrases_of,
)
from mockletta.language.order_reading import (
    PASSING,
    Reading,
    Recall,
    RoleParameter,
    Span,
    ToolParameters,
    grouped,
    is_number,
    roles_of,
    typed_words,
)
from mockletta.language.typed_values import WORD, read_typed, with_whole_spans
from mockletta.language.words import (
    NUMBERS,
    ORDERS,
    concept,
    concepts,
    is_verb,
    lexicon,
    pattern_text,
    patterns,
    rewritten,
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
    if explained.issuperset(read.missing):
        read.arguments |= dict.fromkeys(read.missing, text.strip())
    return read


def _read_typed(read: Reading) -> None:
    """Read typed values such as numbers, except those in a quotation that is the value of a text.

    The words that introduce a value are left out too: `that take` in `soups that take an hour`.
    """
    quoted = [one.span() for one in QUOTED.finditer(read.rest) if len(tokens(one[0])) > 2]
    kept = quoted if _texts(read) else []
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
    for parameter in [one for one in read.open if one.is_text]:
        found = _label_form(tuple(parameter.names)).search(read.rest)
        before = read.rest[max(0, found.start() - 60) : found.start()] if found else ""
        is_named = parameter.roles.isdisjoint(WORDED) and ARGUMENT.named_before.search(before)
        if found and not is_named:
            read.take(parameter, next(filter(None, found.groups())), found.span())


def _texts(read: Reading) -> list[RoleParameter]:
    """Return the open parameters that take any text, the likeliest first."""
    texts = [one for one in read.open if one.is_text and one.is_direct]
    texts.sort(key=lambda one: ("text" not in one.roles, "title" not in one.roles))
    return sorted(texts, key=lambda one: one not in read.required)


def _find_free(read: Reading) -> None:
    """Find the text that is to be handed on word for word, and blank it."""
    texts = _texts(read)
    worded = any(one.roles & {"text", "title"} for one in texts)
    for match in ARGUMENT.free.finditer(read.rest) if texts else ():
        start, end = match.end(), len(read.rest.rstrip(" .!\n"))
        first = next(iter(tokens(read.rest[start : start + 40])), "")
        if match["to"]:
            verb = first.islower() and is_verb(first) and not read.knows(first)
            if not (worded and verb and read.rest[: match.start()].strip()):
                continue
        elif not (worded or match["colon"]) or _are_labelled(read.text[start:end], read):
            continue
        end = _without_time(start, _without_asides(start, end, read), read)
        if start < end and not _is_typed(start, end, read):
            read.free = (start, end)
            read.blank(match.start(), end)
            return


def _are_labelled(text: str, read: Reading) -> bool:
    """Whether a text is several values with the names of their parameters: `to Al, copies 3`."""
    labels = tuple(f"{label_of(one.name)} " for one in read.every)
    return len([one for one in LISTED.split(text.lower()) if one.startswith(labels)]) > 1


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
    if any(getattr(ARGUMENT, one.look).fullmatch(text) for one in read.open if one.look):
        return True
    words = concepts(word for word in tokens(text) if word.lower() not in PASSING)
    typed = typed_words(read.every)
    return bool(words) and all(one in typed or is_number(one) for one in words)


def _without_time(start: int, end: int, read: Reading) -> int:
    """Return where a text ends without the time that another parameter takes."""
    timed = any(one.is_timed or "duration" in one.measures for one in read.open)
    for match in read.times if timed else ():
        if start < match.start() and match.end() == end:
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


CODE = re.compile(r"(?=[^\s\d]*[\d-])[\w.-]+")
OWN = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
WEAK = 3
NAMED_THINGS = lexicon("named_things")
LISTABLE = word_set("place person id to language")


def read_phrases(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    _blank_opening(read)
    _recall_place(read)
    takers = [one for one in read.open if one.is_text or one.kind == "array"]
    phrases = list(phrases_of(takers, read))
    _share(takers, phrases, read)
    scored = sorted(
        (-score, index, place)
        for index, parameter in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := evidence(parameter, phrase, read)) >= (1 if parameter in read.required else 4)
    )
    used: set[int] = set()
    for score, index, place in scored:
        if place not in used and takers[index] in read.open:
            used.add(place)
            read.fitting += -score > 4
            read.guessed |= -score < WEAK
            _take(takers[index], phrases[place], read)
            others = [one for place, one in enumerate(phrases) if place not in used]
            _add_further(takers[index], phrases[place], others, read)


def _blank_opening(read: Reading) -> None:
    """Blank what an order begins with: `could you`, its verb, `up`."""
    lead = ARGUMENT.lead.match(read.rest)
    start = lead.end() if lead else 0
    word = re.compile(rf"\s*({WORD.pattern})").match(read.rest, start)
    if word and (is_verb(word[1]) or word[1].lower() in ORDERS or concept(word[1]) in read.known):
        particle = ARGUMENT.particle.match(read.rest[word.end() :])
        start = word.end() + (particle.end() if particle else 0)
    read.blank(0, start)
    for clause in outside_quotations(ARGUMENT.clause, read.rest):
        if is_verb(clause["verb"]):
            read.blank(*clause.span())


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told, `my branch` as that branch."""
    for parameter in [one for one in read.open if one.is_text] if OWN.search(read.rest) else ():
        own = re.search(rf"\b(?:my|our) ({'|'.join(parameter.names)})\b", read.rest, re.IGNORECASE)
        value = read.recall(own[1]) if own else ""
        if own and value:
            read.take(parameter, value, own.span())
    match = next(outside_quotations(ARGUMENT.where, read.rest), None)
    texts = [one for one in read.open if one.is_text]
    if match and texts:
        read.blank(*match.span())
        if value := read.recall(match["where"] or label_of(texts[0].name)):
            read.take(texts[0], value)


def _take(parameter: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    text = read.text[slice(*phrase.span)]
    if parameter.kind == "array":
        read.take(parameter, items(text), phrase.span)
        return
    start, end = _first(parameter, phrase.span, read)
    if "id" in parameter.roles and (code := code_in(read.text[start:end])):
        start, end = start + code.start(), start + code.end()
    text = read.text[start:end]
    if read.text[end : end + 1] not in QUOTES:
        text = text.rstrip(".,;!? ")
    text = _without_noun(parameter, text)
    owned = re.search(r"\b(?:my|our)\s+$", read.text[:start], re.IGNORECASE)
    value = (read.recall(text) or f"{owned[0]}{text}") if owned else text
    read.take(parameter, value, (start, end))


def _without_noun(parameter: RoleParameter, text: str) -> str:
    """Return `billing` of `billing service` for a service; a `front door` stays as it is."""
    is_list = parameter.roles & {"list", "id"}
    nouns = [one for one in parameter.parts if is_list or one in NAMED_THINGS]
    rest, _, last = text.rpartition(" ")
    text = rest.rstrip() if rest and last.lower() in nouns else text
    return (text.lstrip("#") or text) if is_list else text


def items(text: str) -> list[str]:
    """Return the parts of a list: `tea, milk and rice`."""
    parts = [
        ARGUMENT.article.sub("", QUOTED.sub(r"\1\2", one).strip(" .")) for one in LISTED.split(text)
    ]
    return [one for one in parts if one]


def _first(parameter: RoleParameter, span: Span, read: Reading) -> Span:
    """Return the first item of a list, if the others are for calls of their own."""
    start, end = span
    text = read.text[start:end]
    before = next(iter(tokens(read.text[:start])[-1:]), "")
    several = before.endswith("s") and read.knows(before)
    several |= text[:1] in QUOTES or all(map(CODE.fullmatch, LISTED.split(text)))
    code = NAMED.match(text) or ARGUMENT.coded.match(text)
    listable = several or parameter.roles & LISTABLE or (not parameter.roles and code)
    joints = list(LISTED.finditer(text)) if listable and is_only_text(parameter, read) else []
    if not joints or read.text[start - 1 : start] in QUOTES:
        return span
    ends = [start + joint.start() for joint in joints[1:]] + [end]
    for joint, stop in zip(joints, ends, strict=True):
        item = ARGUMENT.article.sub("", read.text[start + joint.end() : stop])
        item = QUOTED.sub(r"\1\2", item.strip(" .,!?"))
        if not all(map(read.knows, filter(concept, tokens(item)))):
            read.add(parameter, item, (start + joint.start(), stop))
    inside = text[:1] in QUOTES
    return start + inside, start + joints[0].start() - inside


def _add_further(
    parameter: RoleParameter, taken: Phrase, others: Sequence[Phrase], read: Reading
) -> None:
    """Add further phrases for calls of their own: `for Rome and for Paris`."""
    for other in others if is_only_text(parameter, read) else ():
        before = read.text[taken.span[0] : other.span[0]].rstrip().removesuffix(other.head)
        if other.head == taken.head and joins(before, read):
            read.add(parameter, read.text[slice(*other.span)], other.span)


def _share(takers: Sequence[RoleParameter], phrases: Sequence[Phrase], read: Reading) -> None:
    """Share `between Rome and Oslo` out between where something begins and where it ends."""
    texts = [one for one in takers if one.is_text and not one.is_typed]
    ends = [one for role in ("from", "to") for one in texts if role in one.roles]
    for phrase in phrases if len(ends) == 2 else ():
        parts = items(read.text[slice(*phrase.span)])
        if phrase.head in ("between", "with") and len(parts) == 2:
            for parameter, part in zip(ends, parts, strict=True):
                read.take(parameter, part, phrase.span)
