"""Memory requests: how a user asks for the agent's memory to be written."""

import re

from mockletta.default_brain.sentences import plain

ADJECTIVE = (
    r"(?:core|long[- ]term|persistent|permanent|own|internal|in[- ]context|archival|main|working)"
)
MEMORY = (
    rf"(?:(?:your|the|my|its|the agent['\u2019]s)\s+)?(?:{ADJECTIVE}\s+){{0,2}}"
    rf"(?:(?!memor)[\w-]{{1,40}}\s+)?memor(?:y|ies)(?:\s+blocks?)?"
)
BLOCK = r"(?:your|the|my)\s+[\w\"'-]{1,40}\s+block"
TARGET = rf"(?P<target>{MEMORY}|{BLOCK})"
STORE = (
    r"(?:save|store|add|write(?:\s+down)?|put|record|note(?:\s+down)?|log|insert|append|keep|"
    r"commit|remember|memori[sz]e|persist|make a note|take note|include|place)"
)
SAYING = (
    r"(?:about (?:me|us|myself|the user)\b\s*[:,—-]?\s*)?"
    r"(?:(?:to|and|so that it|so it|with|by)\s+)?(?:(?:now\s+)?(?:note|notes|noting|say|says|"
    r"saying|"
    r"reflect|reflects|record|recording|include|includes|including|remember|remembering|state|show|"
    r"contain|store|storing|indicate|mention|read|add|adding|save|saving|know)\b\s*)?"
    r"(?:the (?:fact|following|information)\b\s*)?(?:that\b\s*)?[:,—-]?\s*"
)
UPDATE = re.compile(
    rf"^(?:update|change|edit|modify|amend|adjust|refresh)\s+{TARGET}\b\s*[:,—-]?\s*"
    rf"{SAYING}(?P<content>[\s\S]*)$",
    re.IGNORECASE,
)
INTO = re.compile(
    rf"^{STORE}\s+(?:this\s+|the following\s+|(?:the|this) fact\s+)?(?:permanently\s+|"
    rf"forever\s+)?(?:to|in|into|inside|on|within)"
    rf"\s+{TARGET}\b\s*(?:[:,—-]|that\b|the fact that\b)?\s*(?P<content>[\s\S]*)$",
    re.IGNORECASE,
)
TRAILING = re.compile(
    rf"^{STORE}\s+(?:the fact\s+)?(?:that\s+)?(?P<content>[\s\S]*?\S)\s+"
    rf"(?:to|in|into|inside|within)\s+(?=your\b|the\b|{ADJECTIVE}\b|memory\b){TARGET}\s*[.!?]*$",
    re.IGNORECASE,
)
TOOL = re.compile(
    r"^(?:use|call|invoke)\s+(?P<target>(?:(?:your|the)\s+)?(?:\w+\s+)?\w*memor(?:y|ies)\w*)"
    rf"(?:\s+(?:tools?|functions?))*\s+to\s+{STORE}\s+(?:the fact\s+)?"
    r"(?:that\s+)?(?P<content>[\s\S]*)$",
    re.IGNORECASE,
)
LEADING = re.compile(
    rf"^(?:in|to|into)\s+{TARGET},?\s+{STORE}\s+(?:that\b)?[\s:,—-]*(?P<content>[\s\S]*)$",
    re.IGNORECASE,
)
REPLACE = re.compile(
    rf"^(?:in\s+(?P<where>{MEMORY}|{BLOCK}),?\s+)?(?:replace|change|swap|substitute|update)\s+"
    r"(?P<old>\"[^\"]+\"|'[^']+'|\S[\s\S]*?)\s+(?:with|to|by|for|into)\s+"
    r"(?P<new>\"[^\"]*\"|'[^']*'|\S[\s\S]*?)"
    rf"(?:\s+(?:in|inside|within)\s+{TARGET})?\s*[.!]*$",
    re.IGNORECASE,
)
FORMS = (UPDATE, INTO, TRAILING, TOOL, LEADING)
LONGEST = 4000
VAGUE = frozenset({"this", "that", "it", "this fact", "that fact", "all of this", "them", "these"})
IDLE = frozenset({"things", "stuff", "something", "anything", "facts", "information", "data"})


def mentions_memory(text: str) -> bool:
    """Whether a text speaks of memory or of a block."""
    return "memor" in text.lower() or " block" in text.lower()


def request(text: str) -> re.Match[str] | None:
    """Return the match of a request to write into memory (groups `target`, `content`)."""
    if not mentions_memory(text[:LONGEST]):
        return None
    core = plain(text[:LONGEST])
    for form in FORMS:
        match = form.match(core)
        if match and not (core.endswith("?") and tidy(match["content"]).lower() in IDLE | {""}):
            return match
    return None


def replacement(text: str) -> re.Match[str] | None:
    """Return the match of a request to replace `old` by `new` in memory, if it is one."""
    if not mentions_memory(text[:LONGEST]):
        return None
    core = plain(text[:LONGEST])
    match = REPLACE.match(core)
    return match if match and (match["where"] or match["target"]) else None


def content(match: re.Match[str]) -> str:
    """Return what a request names to be written; "" where it only points (`save that`)."""
    found = tidy(match["content"])
    return "" if found.lower() in VAGUE or not found.strip(".,:;!?") else found


def target(match: re.Match[str]) -> str:
    """Return the words that name the memory or block meant."""
    return (match["target"] or match.groupdict().get("where") or "").lower()


def tidy(text: str) -> str:
    """Return a captured text without the space, quotes and end marks around it."""
    text = text.strip()
    bare = text.rstrip(".!?")
    for left, right in ('""', "''", "“”", "\u2018\u2019"):
        if len(bare) > 1 and bare[0] == left and bare[-1] == right:
            return bare[1:-1].strip()
    return text.rstrip("?").rstrip()
