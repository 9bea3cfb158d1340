"""Acknowledgements and recaps, what the agent has, and what it cannot do."""

import re
from collections.abc import Iterable, Sequence

from mockletta.brain.decisions import ChatMessage, MemoryBlock, ModelCall
from mockletta.brain.history import (
    SAID,
    SUMMARY_HEAD,
    added_sections,
    is_alert,
    newest,
    own_instructions,
    said,
    user_texts,
)
from mockletta.default_brain.memory.answers import everything
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.knowledge import Told
from mockletta.default_brain.reply_forms import points_back, read_form, said_before
from mockletta.language.changes import corrects
from mockletta.language.facts import Fact, as_told
from mockletta.language.questions import asked_last, stated_answer
from mockletta.language.retelling import to_second_person
from mockletta.language.sentences import (
    as_clause,
    clauses,
    is_factual,
    kind,
    plain,
    sentences,
    unwrapped,
)
from mockletta.language.small_talk import small_talk
from mockletta.language.words import (
    as_sentence,
    expand,
    lexicon,
    pattern_text,
    patterns,
    rewritten,
    tokens,
)

CHANGE = patterns("change")
CLAUSE = patterns("clause")
RECAP = patterns("recap")
TALK = patterns("talk")

GOT_IT = "Got it: "
MOST = 2000
LONGEST_ECHO = 200
RECENT = 40


def acknowledged(text: str, call: ModelCall) -> str | None:
    """Acknowledge what a message tells: each of its clauses, or what it corrects or changes."""
    end = newest(call.messages) or 0
    before = [call.messages[place] for place in range(max(0, end - 3), end)]
    asked = [asked_last(said(one)) for one in before if one.role == "user"][-1:]
    answers = any(stated_answer(one, text)[0] for one in asked)
    if answers or corrects(text):
        facts = [one.text for one in told_in(text, call.messages[max(0, end - RECENT) : end])]
        if facts:
            return _taken_up(facts)
    told = [
        clause
        for sentence in sentences(text)
        if kind(sentence) == "statement"
        for clause in clauses(as_told(unwrapped(sentence), "user"))
        if small_talk(clause) is None
    ]
    told = [one for one in told if is_factual(one) or CLAUSE.call_me.match(one)]
    return _taken_up(told) if told else None


def told_in(text: str, messages: Sequence[ChatMessage]) -> list[Fact]:
    """Return the facts that the newest message adds or changes, given the few before it."""
    told = Told()
    for message in messages:
        if message.role == "user":
            told.take(said(message))
    before = set(told.facts)
    told.take(text)
    return [fact for fact in told.facts if fact not in before]


def _listed(told: Iterable[str]) -> str:
    meant = dict.fromkeys(rewritten(expand(clause), "called") for clause in told)
    clauses_ = [as_clause(to_second_person(clause)) for clause in meant]
    while len(clauses_) > 1 and sum(map(len, clauses_)) > LONGEST_ECHO:
        clauses_[-2:] = ["more"]
    text = " and ".join(filter(None, [", ".join(clauses_[:-1]), clauses_[-1]]))
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO].rsplit(' ', 1)[0]}…"


ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NTH = re.compile(
    rf"\bwhat (?:was|is) (?:my|the) (?:very )?({'|'.join(ORDINALS)}) (?:message|question|thing i "
    rf"(?:said|"
    r"asked|told you|wrote))\b|\bwhat did i (?:say|ask|tell you|write) (?:\w+ )?(first)\b",
    re.IGNORECASE,
)
LONGEST = 1000
LONGEST_ASKED = 600
LONGEST_LINE = 300
MOST_QUOTED = 8


def recap(text: str, messages: Sequence[ChatMessage], sources: Sources) -> str | None:
    """Return the recap or the quotation that a message asks for; None for any other."""
    asked = expand(text[-LONGEST_ASKED:].strip())
    if any(RECAP.everything.search(plain(one)) for one in sentences(asked)):
        return everything(sources)
    if RECAP.recap.match(plain(asked)):
        return everything(sources) if sources.history else _quoted_all(_earlier(messages))
    if said := _repeated(asked, messages):
        return said
    if RECAP.how_many.search(asked):
        count = len(_earlier(messages)) + 1
        return f"You have sent {count} message{'' if count == 1 else 's'} in this conversation."
    if match := NTH.search(asked):
        nth = ORDINALS.index((match[1] or match[2]).lower())
        return _quoted(_earlier(messages), nth)
    return _quoted(_earlier(messages), -1) if RECAP.last.search(asked) else None


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


def _repeated(asked: str, messages: Sequence[ChatMessage]) -> str:
    """Return the last reply once more, in the form that is asked for; "" if not asked to."""
    if RECAP.sure.match(asked) and (told := _last_told(messages)):
        if RECAP.not_told.match(told):
            return ""
        return f"That is what I was told: {as_clause(told)}."
    rest, form = read_form(asked)
    if form and form != "yes_no" and points_back(rest):
        return said_before(form, messages)
    if not RECAP.yours.search(asked):
        return ""
    told = _last_told(messages)
    return f'I said: "{told[:LONGEST_ASKED]}"' if told else "I have not said anything before."


def _last_told(messages: Sequence[ChatMessage]) -> str:
    """Return the agent's last reply, "" if it has said nothing."""
    replies = (one.text for one in reversed(messages) if one.role == "assistant" and one.text)
    return next(replies, "")


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


LONGEST_SYSTEM = 300
LABEL = pattern_text("talk.label")


def inventory(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about what the agent has; None for any other message."""
    for sentence in [*sentences(text[:MOST])][:8]:
        core = expand(plain(sentence))
        if TALK.asks.match(core) and (found := _recap_listed(core, call)) is not None:
            return found
    return None


def _recap_listed(core: str, call: ModelCall) -> str | None:
    if TALK.skills.search(core) and not TALK.of_the_user.search(core):
        return _skills(call)
    if TALK.system.search(core) and not TALK.of_the_user.search(core):
        told = own_instructions(call.system).strip()
        return f'My system prompt begins: "{told[:LONGEST_SYSTEM]}"' if told else None
    if TALK.tools.search(core) and not TALK.of_the_user.search(core):
        return f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
    if blocks := [block for block in call.blocks if _asks_for(core, block)]:
        return "\n".join(map(_shown, blocks))
    if TALK.blocks.search(core) or (TALK.whole.search(core) and len(core.split()) < 9):
        return "\n".join(map(_shown, call.blocks)) or "I have no memory blocks."
    return None


def _skills(call: ModelCall) -> str:
    named = [f"{one.name}: {one.description}".removesuffix(": ") for one in call.skills]
    named = named or _skills_in_context(call)
    if not named:
        return "I have no skills: none were offered with this request."
    return "I have these skills:\n" + "\n".join(f"- {line}" for line in named)


def _skills_in_context(call: ModelCall) -> list[str]:
    """Return the skills that the client lists in the newest section which it added about them."""
    own = (one.text for one in reversed(call.messages) if one.role == "user")
    sections = (part for text in own for part in added_sections(text))
    listed = next((part for part in sections if TALK.offered.search(part[:MOST])), "")
    return [line[2:].strip() for line in listed.splitlines() if line.startswith("- ")]


def _asks_for(core: str, block: MemoryBlock) -> bool:
    """Return whether a block is asked for by its label: `your human block`, `in your persona`."""
    for name in {block.label, re.sub(r"[_-]+", " ", block.label)}:
        match = re.search(LABEL.format(re.escape(name)) + r"(?!\w)", core, re.IGNORECASE)
        if match and (match[0].lower().endswith("block") or _ends(core, match.end())):
            return True
    return False


def _ends(core: str, position: int) -> bool:
    """Return whether a label ends a question for its content: `what is in your persona?`."""
    return (
        not core[position:].strip(" ?.!")
        and re.search(r"\b(?:in|contents? of|inside)\b", core) is not None
    )


def _shown(block: MemoryBlock) -> str:
    return f"{block.label}: {block.value}" if block.value else f"{block.label} is empty."


SAD, GLAD = lexicon("sad_words"), lexicon("glad_words")


def _taken_up(told: list[str]) -> str:
    """Return what was told, taken up by the mood that the user tells of."""
    first, listed = expand(told[0]), _listed(told)
    said = {*tokens(first.lower())}
    if TALK.birthday.match(first):
        return f"Happy birthday! {as_sentence(listed)}"
    if TALK.won.match(first) and "not" not in said:
        return f"Congratulations! {as_sentence(listed)}"
    if not TALK.feeling.match(first) or "not" in said:
        return f"{GOT_IT}{listed}."
    if SAD & said or TALK.sad.search(first):
        return f"I'm sorry to hear that {listed}."
    return f"I'm glad to hear that {listed}." if GLAD & said else f"{GOT_IT}{listed}."
