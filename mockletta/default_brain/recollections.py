"""Recollections: questions about the conversation as such, not about one fact in it."""

import re
from collections.abc import Sequence

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import newest, said

KNOWS = r"(?:know|remember|learn(?:ed)?|have(?: stored| saved)?|recall)"
EVERYTHING = re.compile(
    rf"\b(?:what|anything|everything|all|all that|something)(?: else)?(?: (?:do|did|have|that|"
    rf"things|facts))* you "
    rf"(?:{KNOWS}|remembered|learnt|stored|saved|noted|got)(?: so far)?(?: (?:about|of|on|from) "
    rf"(?:me|myself|us|our "
    r"(?:conversation|chat|discussion)))?(?: so far)?\s*[?.!]*$"
    rf"|\bdo you {KNOWS} (?:anything|something|everything|much|me)(?: (?:about|of) me)?\s*[?.!]*$"
    r"|\bwhat (?:have|did) (?:i|we) (?:told|tell|talked?|said|say|discuss(?:ed)?|mention(?:ed)?|"
    r"shared?|been talking)"
    r"(?: (?:to )?you)?(?: about)?(?: (?:me|myself))?(?: (?:so far|until now|before|earlier|"
    r"today))?\s*[?.!]*$"
    r"|\b(?:do you remember|repeat|recall) (?:what|everything|all) (?:that )?(?:i|we) (?:told "
    r"you|said|talked about|discussed)"
    r"\s*[?.!]*$"
    r"|\b(?:tell me|list|recall) (?:all |everything |what )?(?:the facts )?about (?:me|"
    r"myself)\s*[?.!]*$"
    r"|^(?:please )?(?:summari[sz]e|recap)\b(?: (?:our|the|this))?(?: (?:conversation|chat|"
    r"discussion|history))?"
    r"(?: so far)?\s*[?.!]*$",
    re.IGNORECASE,
)
LAST = re.compile(
    r"\b(?:what|repeat|tell me what) (?:did i (?:just|last) (?:say|said|write|tell|ask|type)|"
    r"(?:was|is) my (?:last|previous)"
    r" (?:message|question|sentence|words?)|(?:have )?i (?:have )?just (?:say|said|wrote|told|"
    r"asked|typed))\b(?! .*\bto\b)"
    r"|\bwhat did i (?:say|ask|write)(?: to)?(?: you)? (?:just now|before|last|right before)"
    r"|\bwhat did i (?:just )?(?:say|ask)\s*\?*$",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"\bwhat (?:was|is) (?:my|the) (?:very )?first (?:message|question|thing i (?:said|asked|"
    r"told you|wrote))\b"
    r"|\bwhat did i (?:say|ask|tell you|write) first\b",
    re.IGNORECASE,
)
LONGEST = 600


def asks_for_everything(text: str) -> bool:
    """Whether a message asks what the agent knows or remembers, without a topic."""
    return EVERYTHING.search(text[-LONGEST:].strip()) is not None


def last_said(text: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return the quotation for who asks what their last or first message was; None for others."""
    asked = text[-LONGEST:].strip()
    if FIRST.search(asked):
        return quoted(messages, range(len(messages)))
    if LAST.search(asked):
        start = newest(messages)
        return quoted(messages, range((start or 0) - 1, -1, -1))
    return None


def quoted(messages: Sequence[ChatMessage], order: range) -> str:
    for index in order:
        if messages[index].role == "user":
            return f'You said: "{said(messages[index]).strip()[:LONGEST]}"'
    return "You have not said anything before."
