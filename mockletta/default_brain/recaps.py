"""Recaps: what the conversation held, counted, quoted or summed up."""

import re
from collections.abc import Sequence

from mockletta.brain.decisions import ChatMessage
from mockletta.brain.history import SAID, SUMMARY_HEAD, is_alert, newest, said, user_texts
from mockletta.default_brain.answers import everything
from mockletta.default_brain.facts import Fact
from mockletta.default_brain.knowledge import Sources, Told
from mockletta.default_brain.sentences import plain, sentences
from mockletta.default_brain.words import as_sentence, expand

KNOWS = r"(?:know|remember|learn(?:ed)?|have(?: stored| saved)?|recall)"
EVERYTHING = re.compile(
    rf"\b(?:what|anything|everything|all|all that|something)(?: else)?(?: (?:do|did|have|that|"
    rf"things|facts))* you (?:{KNOWS}|remembered|learnt|stored|saved|noted|got)(?: so far)?(?: "
    rf"(?:about|of|on|from) (?:me|myself|us|our (?:conversation|chat|discussion)))?(?: so "
    rf"far)?\s*[?.!]*$|\bdo you {KNOWS} (?:anything|something|everything|much|me)(?: (?:about|of) "
    rf"me)?\s*[?.!]*$"
    r"|\bwhat (?:have|did) (?:i|we) (?:told|tell)(?: you)?(?: about)?(?: (?:me|myself))?(?: (?:so "
    r"far|until now|before|earlier|today))?\s*[?.!]*$|\b(?:do you remember|repeat|recall) (?:what|"
    r"everything|all) (?:that )?(?:i|we) (?:told you|said)\s*[?.!]*$|\b(?:tell me|list|recall) "
    r"(?:all |everything |what )?(?:the facts )?about (?:me|myself)\s*[?.!]*$|^who am i to "
    r"you\W*$|^(?:give|show|tell)(?: me)? (?:all )?my (?:profile|details|data|information|info|"
    r"facts)\s*[?.!]*$",
    re.IGNORECASE,
)
RECAP = re.compile(
    r"^(?:please )?(?:(?:summari[sz]e|recap|sum up)\b(?!.*(?:article|text|document|book|page|file|"
    r":)).{0,60}|give me an? (?:\w+ )?(?:summary|recap|overview)\b.{0,50}|what (?:have|did) (?:we|"
    r"i) (?:talk(?:ed)?|discuss(?:ed)?|been talking|spoken?|speak|said|say|mention(?:ed)?|"
    r"shared?)(?: about)?|what was (?:our|this) (?:conversation|chat) about)(?: (?:so far|until "
    r"now|today|please))*\s*[?.!]*$",
    re.IGNORECASE,
)
LAST = re.compile(
    r"\b(?:what|repeat|tell me what) (?:did i (?:just|last) (?:say|said|write|tell|ask|type)|"
    r"(?:was|is) my (?:last|previous) (?:message|question|sentence|words?)|(?:have )?i (?:have "
    r")?just (?:say|said|wrote|told|asked|typed))\b(?! .*\bto\b)|\bwhat did i (?:say|ask|"
    r"write)(?: to)?(?: you)? (?:just now|before|last|right before)|\bwhat did i (?:just )?(?:say|"
    r"ask)\s*\?*$",
    re.IGNORECASE,
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NTH = re.compile(
    rf"\bwhat (?:was|is) (?:my|the) (?:very )?({'|'.join(ORDINALS)}) (?:message|question|thing i "
    rf"(?:said|"
    r"asked|told you|wrote))\b|\bwhat did i (?:say|ask|tell you|write) (?:\w+ )?(first)\b",
    re.IGNORECASE,
)
HOW_MANY = re.compile(
    r"^how many (?:messages|questions|times) (?:have|did) i (?:sent|send|write|written|ask|asked|"
    r"said)\b",
    re.IGNORECASE,
)
YOURS = re.compile(
    r"^(?:what did you (?:just |last )?(?:say|reply|answer|write)|what was your (?:last|previous) "
    r"(?:answer|reply|message|response)|(?:please )?(?:repeat|say) (?:that|it|yourself|your "
    r"(?:last )?(?:answer|reply|message))(?: again| once more)?|(?:come again|"
    r"pardon))\s*(?:please)?[?.!]*$",
    re.IGNORECASE,
)
LONGEST = 1000
LONGEST_ASKED = 600
LONGEST_LINE = 300
MOST_QUOTED = 8


def tells_everything(text: str) -> bool:
    """Whether a message asks what the agent knows or remembers, without a topic."""
    asked = expand(text[-LONGEST_ASKED:])
    return any(EVERYTHING.search(plain(one)) for one in sentences(asked))


def recalled_words(text: str, messages: Sequence[ChatMessage], sources: Sources) -> str | None:
    """Return the recap or the quotation that a message asks for; None for any other."""
    asked = expand(text[-LONGEST_ASKED:].strip())
    if RECAP.match(plain(asked)):
        return everything(sources) if sources.history else _quoted_all(_earlier(messages))
    if YOURS.search(asked):
        return _quoted_reply(messages)
    if HOW_MANY.search(asked):
        count = len(_earlier(messages)) + 1
        return f"You have sent {count} message{'' if count == 1 else 's'} in this conversation."
    if match := NTH.search(asked):
        nth = ORDINALS.index((match[1] or match[2]).lower())
        return _quoted(_earlier(messages), nth)
    return _quoted(_earlier(messages), -1) if LAST.search(asked) else None


def _earlier(messages: Sequence[ChatMessage]) -> list[str]:
    """Return the user's own words before the newest message."""
    own = (said(one).strip() for one in messages if one.role == "user" and not is_alert(one))
    return [text for text in own if text][:-1]


def _quoted(own: Sequence[str], index: int) -> str:
    if not own:
        return "You have not said anything before."
    if index >= len(own):
        return f"You have sent only {len(own)} messages before."
    return f'You said: "{own[index][:LONGEST_ASKED]}"'


def _quoted_reply(messages: Sequence[ChatMessage]) -> str:
    replies = (one.text for one in reversed(messages) if one.role == "assistant" and one.text)
    told = next(replies, None)
    return f'I said: "{told[:LONGEST_ASKED]}"' if told else "I have not said anything before."


def _quoted_all(own: Sequence[str]) -> str:
    quoted = [f'"{" ".join(one.split())[:80]}"' for one in own][:MOST_QUOTED]
    return f"You said {', then '.join(quoted)}." if quoted else "You have not said anything before."


def summary(messages: Sequence[ChatMessage]) -> str:
    """Return a summary of at most 1000 characters, a line for each thing the user told.

    If not everything fits, facts about the user are kept first, then newer facts.
    The user's newest message is always kept, as the turn may still have to answer it.
    """
    told = Told()
    for text in user_texts(messages):
        told.take(text)
    facts = list(dict.fromkeys(map(_line, told.facts)))
    kept = [line for line, _ in facts]
    last = newest(messages)
    final = " ".join(said(messages[last]).split())[:LONGEST_LINE] if last is not None else ""
    if final and final.rstrip(".!") not in {line.rstrip(".!") for line in kept}:
        facts.append((final, True))
    if not facts:
        return f"{SUMMARY_HEAD} The user has not told anything."
    return "\n".join([SUMMARY_HEAD, SAID, *(f"- {line}" for line in _chosen(facts))])


def _line(fact: Fact) -> tuple[str, bool]:
    """Return a fact in the user's words, and whether it is about them."""
    lead = "Remember: " if fact.remembered and not fact.slots else ""
    return f"{lead}{as_sentence(fact.text)}", fact.subject == "user"


def _chosen(lines: list[tuple[str, bool]]) -> list[str]:
    """Return as many lines as fit, in their order."""
    room = LONGEST - len(SUMMARY_HEAD) - len(SAID) - 2
    taken: dict[int, str] = {}
    for index in sorted(
        range(len(lines)), key=lambda n: (n == len(lines) - 1, lines[n][1], n), reverse=True
    ):
        line = lines[index][0][:LONGEST_LINE]
        if len(line) + 3 <= room:
            taken[index] = line
            room -= len(line) + 3
    return [taken[index] for index in sorted(taken)]
