"""Arguments: what the words of an order give for the parameters of a tool.

The surest reading comes first: texts behind the name of a parameter, texts to hand on word for word
(`saying ...`), then choices, switches, times and numbers. Each takes its words away. What is left
is cut into phrases. A phrase becomes an argument only if something says that it is meant: the
parameter's name before it or in it, a preposition of the parameter's role, the place right behind
the verb, or its look. Without that an optional parameter is left out, and a required one is asked
for, since a wrong call is worse than a question.
"""

import re
from collections.abc import Sequence

from mockletta.brain.decisions import ToolSchema
from mockletta.default_brain.tool_calling.order_phrases import (
    NAMED,
    NAMED_BEFORE,
    Phrase,
    blank_opening,
    code_in,
    evidence,
    is_named,
    is_only_text,
    items,
    phrases_of,
    split,
    trimmed,
)
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
    outside_quotations,
    unquoted,
)
from mockletta.language.parameter_roles import (
    DIRECT,
    NAMED_THINGS,
    NAMING,
    PREPOSITIONS,
    WORDED,
    RoleParameter,
    ToolParameters,
    roles_of,
)
from mockletta.language.typed_values import read_typed
from mockletta.language.words import (
    NUMBERS,
    PERSONS,
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
CODE = re.compile(r"(?=[^\s\d]*[\d-])[\w.-]+")
OWN = re.compile(r"\b(?:my|our) ", re.IGNORECASE)
LISTABLE = word_set("place person id to language list")


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
    if concept("side") in takes.known:
        text = rewritten(text, "dice")
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
        return not rest.startswith(BLANK) and not any(before in one.labels for one in others)
    if match["to"]:
        first = next(iter(tokens(rest[:40])), "")
        own = read.knows(first) or stem(first) in read.known
        acts = first.islower() and is_verb(first) and not own
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
        if start < match.start() and match.end() == end:
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


def read_phrases(read: Reading) -> None:
    """Give each phrase that is left to the text or the list that it fits best."""
    blank_opening(read)
    takers = [one for one in read.open if one.is_text or one.is_list]
    if not takers:
        return
    _recall_place(read)
    phrases = phrases_of(takers, read)
    _share(takers, phrases, read)
    scored = sorted(
        (-score, place, index)
        for index, parameter in enumerate(takers)
        for place, phrase in enumerate(phrases)
        if (score := evidence(parameter, phrase, read)) >= (1 if parameter in read.required else 4)
    )
    due = {
        place
        for _, place, index in scored
        if takers[index] in read.required and "id" not in takers[index].roles
    }
    scored.sort(key=lambda one: one[1] in due and takers[one[2]] in read.optional and one[0] > -5)
    used: set[int] = set()
    for score, place, index in scored:
        if place not in used and takers[index] in read.open:
            used.add(place)
            read.sure += -score >= NAMED_BEFORE
            _take(takers[index], _whole(takers[index], phrases, place, used, read), read)
    _recall_own(read)


def _whole(
    parameter: RoleParameter, phrases: list[Phrase], place: int, used: set[int], read: Reading
) -> Phrase:
    """Return a phrase with those behind it that belong to it: `Blue` and `in Green`."""
    phrase = phrases[place]
    apart = parameter.roles & {"person", "place", "date", "from", "to", "id"}
    if apart or parameter.kind == "array" or trimmed(parameter, phrase, read)[1] < phrase.end:
        return phrase
    for after in range(place + 1, len(phrases)):
        other = phrases[after]
        between = read.rest[phrase.end : other.start]
        fits = any(
            evidence(one, other, read) >= 1 + 3 * (one in read.optional)
            for one in read.open
            if one is not parameter
        )
        counted = any(map(str.isdigit, read.text[other.start : other.end]))
        fits = fits or (counted and any(one.is_number for one in read.open))
        if BLANK in between or not other.head or other.head in NAMING or fits or after in used:
            break
        if not read.tells(read.text[other.start : other.end]) or ARGUMENT.article.match(other.head):
            break
        used.add(after)
        phrase = phrase._replace(end=other.end)
    return phrase


def _take(parameter: RoleParameter, phrase: Phrase, read: Reading) -> None:
    """Take a phrase for a parameter: as a list, as what is known by that name, or as it is."""
    start, end = trimmed(parameter, phrase, read)
    text = read.text[start:end]
    if parameter.kind == "array":
        listed = [
            _clean(parameter, one, read)
            for one in items(text)
            if read.tells(one) or one[:1].isupper()
        ]
        read.take(parameter, listed, (start, end))
        return
    parts = items(text) if _is_list(parameter, phrase, text, read) else [text]
    beside = re.search(r", (?=[a-z])", text) if phrase.head and not parameter.is_worded else None
    reasons = [one for one in read.open if "reason" in one.roles and one is not parameter]
    if beside and len(parts) == 1 and (reasons or not parameter.is_direct):
        parts = [text[: beside.start()]]
        for reason in reasons:
            read.take(reason, text[beside.end() :])
    if "id" in parameter.roles:
        codes = [code[0] if (code := code_in(one)) else one for one in parts]
        named = "name" in parameter.described and all(map(str.isdecimal, codes))
        parts = parts if named else codes
    values = [_bare(one, read) for one in parts] if len(parts) > 1 else parts
    for value in filter(None, values):
        read.take(parameter, _known(_clean(parameter, value, read), phrase, read))
    read.blank(start, end)


def _bare(part: str, read: Reading) -> str:
    """Return an item of a list without the tool's words before it: `the population of Mali`."""
    words = part.split()
    while len(words) > 1 and (words[0].lower() in PREPOSITIONS | {"the"} or read.knows(words[0])):
        words = words[1:]
    return " ".join(words)


def _clean(parameter: RoleParameter, text: str, read: Reading) -> str:
    """Return a value without its article, marks and noun: `billing` of `the billing service`, and
    `Mei` of `does Mei have`."""
    if QUOTED.fullmatch(text.strip()):
        return unquoted(text.strip())
    text = ARGUMENT.asked.sub(r"\1", ARGUMENT.article.sub("", text.strip()))
    text = text.rstrip(".,;!? " if "(" in text else ".,;!?) ")
    is_list = parameter.roles & {"list", "id"}
    rest, _, last = text.rpartition(" ")
    text = rest if rest and last.lower() in NAMED_THINGS and read.knows(last) else text
    return (text.lstrip("#") or text) if is_list else text


def _known(text: str, phrase: Phrase, read: Reading) -> str:
    """Return the value that the user gave `my sister` earlier, or the name that follows it."""
    owned = re.search(r"\b(?:my|our)\s+$", read.text[: phrase.start], re.IGNORECASE)
    words = text.split()
    if not owned:
        return text
    if len(words) > 1 and concept(words[0]) in PERSONS and words[1][0].isupper():
        return " ".join(words[1:])
    whole = read.text[phrase.start : phrase.end].strip(" .,!?")
    return read.recall(whole) or read.recall(text) or text


def _is_list(parameter: RoleParameter, phrase: Phrase, text: str, read: Reading) -> bool:
    """Return whether a phrase is a list of values, for a call each."""
    parts = split(text) if " & " not in text else []
    if len(parts) > 1 and all(is_named(parameter, [one.lower()], read) for one in parts):
        return True
    if len(parts) < 2 or not is_only_text(parameter, read):
        return False
    alike = all(map(CODE.fullmatch, parts)) or all(map(QUOTED.fullmatch, parts))
    nouns = {one.split()[-1].lower() for one in parts}
    same = len(nouns) == 1 and concept(*nouns) in parameter.hints
    named = all(map(NAMED.fullmatch, parts)) and not parameter.is_worded
    things = parameter.roles & LISTABLE or not NAMED_THINGS.isdisjoint(parameter.parts)
    things = things or ("name" in parameter.roles and not NAMED_THINGS.isdisjoint(read.known))
    before = tokens(read.text[: phrase.start])
    each = phrase.head in ("", "of", "for") and not parameter.roles & {"topic", *WORDED}
    each = each and any(one.endswith("s") and one.islower() and read.knows(one) for one in before)
    return bool(alike or same or each or (named and not parameter.roles & DIRECT) or things)


def _recall_own(read: Reading) -> None:
    """Read `my branch` as the branch that was told, unless more is said beside the order."""
    alone = read.refers or len(read.text) == read.own
    texts = [one for one in read.open if one.is_text]
    for parameter in texts if alone and OWN.search(read.rest) else ():
        names = "|".join(map(re.escape, parameter.labels)) or r"\0"
        own = re.search(rf"\b(?:my|our) ({names})\b", read.rest, re.IGNORECASE)
        value = read.recall(own[1]) if own else ""
        code = code_in(value) if "id" in parameter.roles else None
        if own and value and ("id" not in parameter.roles or (code and code[0] == value)):
            read.take(parameter, value, own.span())


def _recall_place(read: Reading) -> None:
    """Read `where I live` and `there` as the place that was told."""
    match = next(outside_quotations(ARGUMENT.where, read.rest), None)
    texts = [one for one in read.open if one.is_text]
    places = [one for one in texts if not one.roles.isdisjoint(("place", "from", "to"))] or texts
    if match and places:
        read.blank(*match.span())
        if value := read.recall(match["where"] or " ".join(places[0].parts)):
            read.take(places[0], value)


def _share(takers: Sequence[RoleParameter], phrases: Sequence[Phrase], read: Reading) -> None:
    """Share `between Rome and Oslo` out between where something begins and where it ends."""
    texts = [one for one in takers if one.is_text and not one.is_typed]
    ends = [one for role in ("from", "to") for one in texts if role in one.roles]
    for phrase in phrases if len(ends) == 2 else ():
        parts = items(read.text[phrase.start : phrase.end])
        if phrase.head in ("between", "with") and len(parts) == 2:
            for parameter, part in zip(ends, parts, strict=True):
                read.take(parameter, part, (phrase.start, phrase.end))
