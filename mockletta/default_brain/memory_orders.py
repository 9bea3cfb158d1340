"""Memory orders: how a user asks for something to be kept, changed or forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Literal

from mockletta.default_brain.sentences import is_factual, kind, plain, sentences
from mockletta.default_brain.words import as_sentence, expand, remembered

Kind = Literal["insert", "set", "replace", "forget", "clear"]
ADJECTIVE = (
    r"(?:core|long[- ]term|persistent|permanent|own|internal|in[- ]context|archival|main|working)"
)
TARGET = re.compile(
    r"\s*\b(?:(?:to|in|into|from|inside|within|on|of|out of) )?(?P<target>"
    rf"(?:your|the|its|the agent['\u2019]s) (?:{ADJECTIVE} ){{0,2}}(?:(?!memor|fact|"
    rf"same)[\w\"'-]{{1,40}} )?(?:memor(?:y|ies)(?: blocks?)?|(?<!the )block)\b(?! of)|"
    rf"(?:{ADJECTIVE} )*memory(?: block)?\b(?! of| is)|"
    r"(?:your|the) notes\b|(?:your|the|my) [\w\"'-]{1,40} block\b|(?:the )?block "
    r"[\w-]{1,40})\s*,?\s*",
    re.IGNORECASE,
)
NEVER_MIND = re.compile(
    r"[\s,]+(?:please|thanks|thank you|for me|for later|for future reference|okay|ok|from now on|"
    r"permanently|forever|will you|would you)(?=\s*[.!?]*$)",
    re.IGNORECASE,
)
BY_TOOL = re.compile(
    r"^(?:use|call|invoke) (?P<target>(?:(?:your|the) )?(?:\w+ )?\w*memor(?:y|ies)\w*)(?: "
    r"(?:tools?|functions?))* to (?=\w)",
    re.IGNORECASE,
)
MIND = (
    r"(?:always |also |just )?(?:remember|memori[sz]e|(?:do not|never) forget|keep (?:(?:this|"
    r"that|it) )?in mind|bear (?:(?:this|that|it) )?in mind|learn|be aware|take note|make a "
    r"(?:mental )?note|note|know)"
)
STORE = (
    r"(?:save|store|add|write(?: down)?|put(?: down)?|record|note(?: down)?|jot(?: down)?|log|"
    r"insert|append|keep|commit|remember|memori[sz]e|persist|include|place)"
)
THESE = (
    r"(?:(?:all (?:of )?)?(?:this|that|these|those)|the following|two|three|\w+ more)(?: (?:two|"
    r"three|few|facts?|things?|points?|notes?|details?|info|information|items?|about me|for me|"
    r"for later))*"
)
THAT = (
    rf"(?:(?: of)? {THESE}\s*(?=[:,—-]))?(?: of(?= (?:this|that|the|my)))?(?: the fact)?"
    r"(?:[\s:,—-]+that(?= \S))?[\s:,—-]+"
)
POINTS = re.compile(
    rf"^(?:{MIND}|{STORE}) (?:this|that|it)(?: (?:down|too|as well|in mind))?\s*[.!]*$",
    re.IGNORECASE,
)
KEEP_IN_MIND = re.compile(
    rf"^{MIND}\b(?! (?:me|when|to me)\b){THAT}(?P<content>\S[\s\S]*)$",
    re.IGNORECASE,
)
KEEP = re.compile(
    rf"^{STORE}\b(?:\s*:|(?: (?:down|{THESE})\s*:)| that\b| the fact that\b|"
    r"(?= (?:my|our|i|we) ))\s*(?P<content>\S[\s\S]*)$",
    re.IGNORECASE,
)
INTO = re.compile(
    rf"^{STORE}\b(?: the fact)?(?: that\b)?[\s:,—-]*(?P<content>[\s\S]*)$", re.IGNORECASE
)
UPDATE = re.compile(
    r"^(?:update|change|edit|modify|amend|adjust|refresh)\b[\s:,—-]*(?:about (?:me|us|myself|the "
    r"user)\b[\s:,—-]*)?(?:(?:to|and|so that it|so it|with|by)\s+)?(?:(?:now )?(?:note|noting|say|"
    r"says|saying|reflect|reflects|record|recording|include|includes|including|remember|"
    r"remembering|state|show|contain|store|storing|indicate|mention|read|add|adding|save|saving|"
    r"know)\b)?(?: the (?:fact|following|information))?(?:\s*that\b)?[\s:,—-]*(?P<content>[\s\S]*)"
    r"$",
    re.IGNORECASE,
)
SET = re.compile(
    r"^(?:update|change|set|correct|fix|adjust|modify|make|edit)\s+(?P<old>(?:my|our|"
    r"the)\s[^:=,]+?)(?:\s+(?:to be|to|into|as)\s+|\s*[:=,]\s*(?:it is|it['\u2019]s|now)?\s*|"
    r"\s+(?:is|should be)(?: now)?\s+)(?P<new>\S[\s\S]*)$",
    re.IGNORECASE,
)
REPLACE = re.compile(
    r"^(?:replace|change|swap|substitute|update|correct)\s+(?P<old>\"[^\"]+\"|'[^']+'|"
    r"\S[\s\S]*?)\s+(?:with|to|by|for|into)\s+(?P<new>\"[^\"]*\"|'[^']*'|\S[\s\S]*)$",
    re.IGNORECASE,
)
FORGET = re.compile(
    r"^(?P<verb>forget|delete|remove|erase|drop|clear|wipe|purge|unlearn|reset|empty)\b(?: "
    r"out)?(?P<content>[\s\S]*)$",
    re.IGNORECASE,
)
ALL = re.compile(
    r"^\s*(?:(?:all|everything|anything|whatever)(?: of it)?\b(?: (?:that )?(?:you|i|we)\b(?: "
    r"(?:have|had|ever|know|knew|stored|saved|remember(?:ed)?|told|said|noted|learned|wrote|you|"
    r"down))*)?(?: (?:what )?(?:you (?:know|have)))?(?: (?:about|on|of) (?:me|us|myself))?|all "
    r"(?:my|your|the) (?:data|facts|notes|memories|information)(?: about me)?|)\s*[.!]*$",
    re.IGNORECASE,
)
NOTE_ABOUT = re.compile(
    r"^\s*(?:the|your|that) (?:note|fact|memory|entry|part|bit|line)s? (?:about|on|that)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^\s*(?:(?:about|that|the fact that|what (?:i|you) (?:said|told you|know|have)(?: about)?|"
    r"anything about|everything about)\s+)+",
    re.IGNORECASE,
)
BEFORE_END = re.compile(r"\s+(?=[.!?]+$)")
VAGUE = re.compile(rf"(?:them|it|{THESE})[.!:]*", re.IGNORECASE)
IDLE = frozenset({"things", "stuff", "something", "anything", "facts", "information", "data"})
LONGEST = 4000
MANY = 30


@dataclass(frozen=True, slots=True)
class MemoryOrder:
    """A change of memory. `target` is the memory or block it names, "" if none.

    `new` is what is to be kept, `old` what goes: for `set` what gets the value `new`. A `soft`
    order names no memory and may be about something else.
    """

    kind: Kind
    new: str = ""
    old: str = ""
    target: str = ""
    soft: bool = False


def memory_orders(text: str) -> Iterator[tuple[MemoryOrder, str]]:
    """Yield the memory orders of a message, each with the sentence that it stands in.

    What follows a colon, or an order without words of its own, belongs to it.
    """
    lines = list(islice(sentences(text[:LONGEST]), MANY))
    for index, line in enumerate(lines):
        order = memory_order(line)
        if order is None:
            continue
        if order.kind == "insert" and (not order.new or _is_list(line, order.new)):
            told = takewhile(
                lambda one: kind(one) == "statement" and is_factual(one), lines[index + 1 :]
            )
            order = replace(order, new=" ".join(map(as_sentence, filter(None, [order.new, *told]))))
        yield order, line


def _is_list(line: str, content: str) -> bool:
    before = line[: line.find(content[:20])] if content[:20] in line else ""
    return ":" in before and content[:1] not in "\"'“"


@remembered
def memory_order(sentence: str) -> MemoryOrder | None:
    """Read one sentence; None if it does not order anything of memory."""
    core = _undecorated(plain(expand(sentence[:LONGEST])))
    target = ""
    if by_tool := BY_TOOL.match(core):
        target, core = by_tool["target"], core[by_tool.end() :]
    if not core or (kind(core) == "question" and not KEEP_IN_MIND.match(core)):
        return None
    if found := _target_of(core):
        target = target or found["target"]
        core = plain(BEFORE_END.sub("", f"{core[: found.start()]} {core[found.end() :]}".strip()))
    order = _read(core, named=bool(target))
    if order is None or (sentence.rstrip().endswith("?") and order.new.lower() in IDLE | {""}):
        return None
    return replace(order, target=target.lower())


def _undecorated(core: str) -> str:
    for _ in range(3):
        core = NEVER_MIND.sub("", core)
    return core.strip()


def _target_of(core: str) -> re.Match[str] | None:
    """Find where a sentence names memory: after its verb, at its beginning or at its end."""
    for found in TARGET.finditer(core):
        before, after = core[: found.start()], core[found.end() :].strip(" .!?")
        if len(before.split()) <= 3 or not after:
            return found
    return None


def _read(core: str, *, named: bool) -> MemoryOrder | None:
    if POINTS.match(core):
        return MemoryOrder("insert")
    if match := KEEP_IN_MIND.match(core):
        content = cleaned(match["content"])
        asks = core.endswith("?") and not is_factual(content)
        return None if asks else MemoryOrder("insert", content)
    return _changing(core, named) or _forgetting(core, named) or _keeping(core, named)


def _keeping(core: str, named: bool) -> MemoryOrder | None:
    if match := KEEP.match(core):
        return MemoryOrder("insert", cleaned(match["content"]), soft=not named)
    if named and (match := UPDATE.match(core) or INTO.match(core)):
        return MemoryOrder("insert", cleaned(match["content"]))
    return None


def _changing(core: str, named: bool) -> MemoryOrder | None:
    match = SET.match(core)
    if match and not (named and UPDATE.match(core) and not match["old"]):
        mine = match["old"].lower().startswith(("my ", "our "))
        old, new = cleaned(match["old"]), cleaned(match["new"])
        return MemoryOrder("set", new, old, soft=not (named or mine))
    match = REPLACE.match(core)
    if match and not core.lower().startswith("update to "):
        old, new = cleaned(match["old"]).rstrip(".!"), cleaned(match["new"]).rstrip(".!")
        return MemoryOrder("replace", new, old, soft=not named) if old else None
    return None


def _forgetting(core: str, named: bool) -> MemoryOrder | None:
    match = FORGET.match(core)
    if not match:
        return None
    content, verb = match["content"], match["verb"].lower()
    everything = ALL.match(content)
    if everything and (content.strip(" .!") or named):
        return MemoryOrder("clear")
    noted = NOTE_ABOUT.match(content)
    named = named or noted is not None
    content = content[noted.end() :] if noted else content
    topic = cleaned(ABOUT.sub("", content)).rstrip(".!")
    if not topic or VAGUE.fullmatch(topic):
        return None
    return MemoryOrder("forget", old=topic, soft=not (named or verb in {"forget", "unlearn"}))


def cleaned(text: str) -> str:
    """Return a captured text without the space, quotes and end marks around it."""
    text = _undecorated(text).strip(" ,:—-")
    bare = text.rstrip(".!?")
    for left, right in ('""', "''", "“”", "\u2018\u2019"):
        if len(bare) > 1 and bare[0] == left and bare[-1] == right:
            return bare[1:-1].strip()
    text = text.rstrip("?").rstrip()
    return "" if VAGUE.fullmatch(text) or not text.strip(".,:;!?") else text
