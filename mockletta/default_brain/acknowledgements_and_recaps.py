"""Acknowledgements and recaps, and what the agent has."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mockletta.brain.decisions import ChatMessage, MemoryBlock, ModelCall
from mockletta.brain.history import (
    SAID,
    SUMMARY_HEAD,
    added_sections,
    is_alert,
    last_reply,
    newest,
    said,
    texts_before,
    user_texts,
)
from mockletta.default_brain.memory.answers import answered
from mockletta.default_brain.memory.fact_sources import Sources
from mockletta.default_brain.memory.knowledge import Told
from mockletta.default_brain.reply_forms import (
    NOTHING_ANSWERED,
    listed,
    points_back,
    read_form,
    said_before,
)
from mockletta.language.facts import Fact, Teller, as_told
from mockletta.language.memory_orders import corrects
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
from mockletta.language.small_talk import mood
from mockletta.language.told_lists import says_done, told_list
from mockletta.language.words import (
    as_sentence,
    expand,
    pattern_text,
    patterns,
    remembered,
    rewritten,
)

CLAUSE = patterns("clause")
LIST = patterns("list")
RECAP = patterns("recap")
TALK = patterns("talk")
LABEL = pattern_text("talk.label")
GOT_IT, ENJOY = "Got it: ", "Enjoy it!"
ORDINALS = ("first", "second", "third", "fourth", "fifth")
IN_MEMORY = "It is in my memory or my instructions."
SOURCES: Mapping[Teller, str] = {
    "user": "You told me so.", "tool": "A tool returned it.", "client": "Your client told me so."
}  # fmt: skip
NOTHING_SAID = "You have not said anything before."
MOST = 2000
LONGEST_ECHO, LONGEST_ASKED, LONGEST_LINE, LONGEST = 200, 600, 300, 1000
RECENT, MOST_QUOTED, LISTED, MOST_FOLLOWING = 40, 8, 30, 4


def acknowledged(text: str, call: ModelCall) -> str | None:
    """Acknowledge what a message tells: each of its clauses, or what it corrects or changes."""
    end = newest(call.messages) or 0
    before = [call.messages[place] for place in range(max(0, end - 3), end)]
    asked = [asked_last(said(one)) for one in before if one.role == "user"][-1:]
    done = not corrects(text) and any(map(says_done, sentences(text)))
    if done or corrects(text) or any(stated_answer(one, text)[0] for one in asked):
        recent = call.messages[max(0, end - RECENT) : end]
        told = [one.text for one in _told_in(text, recent)]
        if told and (not done or any(map(told_list, told))):
            return _taken_up(told)
    return _acknowledged_alone(text)


@remembered
def _acknowledged_alone(text: str) -> str | None:
    """Acknowledge a message that refers to nothing before it."""
    told = [
        clause
        for sentence in sentences(text)
        if kind(sentence) == "statement"
        for clause in clauses(as_told(unwrapped(sentence), "user"))
        if is_factual(clause) or CLAUSE.call_me.match(clause)
    ]
    return _taken_up(told) if told else None


def _told_in(text: str, messages: Sequence[ChatMessage]) -> list[Fact]:
    """Return the facts that the newest message adds or changes, given the few before it."""
    told = Told()
    for message in messages:
        if message.role == "user":
            told.take(said(message))
    before = set(told.facts)
    known = tuple(f"{fact.text.rstrip('.')}. " for fact in before)
    told.take(text)
    new = [fact for fact in told.facts if fact not in before]
    new = [replace(one, text=one.clause) if one.text.startswith(known) else one for one in new]
    longer = [f"{fact.text.rstrip('.')}. " for fact in new]
    told_twice = [any(one.text.startswith(start) for one in new) for start in longer]
    return [fact for fact, twice in zip(new, told_twice, strict=True) if not twice]


def _taken_up(told: list[str]) -> str:
    """Return a reply to what was told that suits the user's mood."""
    first, listed = expand(told[0]), _listed(told)
    if TALK.won.match(first):
        return f"Congratulations! {as_sentence(listed)}"
    if TALK.outing.match(first) and len(told) == 1:
        return ENJOY
    feeling = TALK.feeling.match(first.split(", ")[0])
    felt = mood(feeling["felt"]) if feeling else 0
    if felt < 0 or TALK.mishap.match(first):
        return f"I'm sorry to hear that {listed}."
    if felt > 0:
        return f"I'm glad to hear that {listed}."
    return f"{GOT_IT}{listed}."


def _listed(told: Iterable[str]) -> str:
    meant = dict.fromkeys(rewritten(expand(clause), "called") for clause in told)
    retold = [as_clause(to_second_person(clause)) for clause in meant]
    while len(retold) > 1 and sum(map(len, retold)) > LONGEST_ECHO:
        retold[-2:] = ["more"]
    text = " and ".join(filter(None, [", ".join(retold[:-1]), retold[-1]]))
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO].rsplit(' ', 1)[0]}…"


def recap(text: str, messages: Sequence[ChatMessage], sources: Sources) -> str | None:
    """Return the recap or the quotation that a message asks for; None for any other."""
    asked = expand(text[-LONGEST_ASKED:].strip())
    if any(RECAP.everything.search(plain(one)) for one in sentences(asked)):
        return everything(sources)
    if RECAP.recap.match(plain(asked)):
        quoted = [f'"{" ".join(one.split())[:80]}"' for one in _earlier(messages)][:MOST_QUOTED]
        quotes = f"You said {', then '.join(quoted)}." if quoted else NOTHING_SAID
        return everything(sources) if sources.history else quotes
    rest, form = read_form(asked)
    if form and form != "yes_no" and points_back(rest):
        return said_before(form, messages)
    return _quoted(asked, messages, sources)


def _quoted(asked: str, messages: Sequence[ChatMessage], sources: Sources) -> str | None:
    """Return what was said, or a part or the source of it; None for any other question."""
    if RECAP.yours.search(asked):
        told = RECAP.quoted.sub(r"\g<told>", last_reply(messages))
        lead = "Yes, as far as I know. " if RECAP.sure.search(asked) else ""
        return f'{lead}I said: "{told[:LONGEST_ASKED]}"' if told else NOTHING_ANSWERED
    if RECAP.source.match(asked):
        return _source(messages, sources)
    if (nth := LIST.nth.match(plain(asked).strip(" ?!."))) and not sources.of_list([asked]):
        return _nth(nth[1].lower(), messages)
    place = 0 if RECAP.first.search(asked) else -1 if RECAP.last.search(asked) else None
    if place is None:
        return None
    earlier = _earlier(messages)
    return f'You said: "{earlier[place][:LONGEST_ASKED]}"' if earlier else NOTHING_SAID


def _source(messages: Sequence[ChatMessage], sources: Sources) -> str | None:
    """Return from whom the last answer was; None if the last reply was none."""
    if last_reply(messages).startswith(GOT_IT):
        return "That is what you told me."
    asked_before = texts_before(messages, MOST_FOLLOWING)
    before = next((one for one in asked_before if not RECAP.of_reply.match(one)), "")
    facts = [fact for _, found in answered(before, sources) for fact in found]
    return SOURCES.get(facts[-1].teller, IN_MEMORY) if facts else None


def _nth(which: str, messages: Sequence[ChatMessage]) -> str | None:
    """Return one of the things that the last reply with several lists, by its place."""
    replies = (one.text for one in reversed(messages[-RECENT:]) if one.role == "assistant")
    items = next(filter(None, map(listed, replies)), [])
    place = -1 if which == "last" else ORDINALS.index(which) if which in ORDINALS else len(items)
    return as_sentence(items[place]) if items and place < len(items) else None


def _earlier(messages: Sequence[ChatMessage]) -> list[str]:
    """Return the user's own words before the newest message."""
    own = (said(one).strip() for one in messages if one.role == "user" and not is_alert(one))
    return [text for text in own if text][:-1]


def summary(messages: Sequence[ChatMessage]) -> str:
    """Return a summary of at most 1000 characters, a line for each thing the user told.

    If not everything fits, facts about the user are kept first, then newer facts.
    The user's newest message is always kept, as the turn may still have to answer it.
    """
    told = Told()
    for text in user_texts(messages):
        told.take(text)
    facts = list(dict.fromkeys(map(_line, told.facts)))
    last = newest(messages)
    final = " ".join(said(messages[last]).split())[:LONGEST_LINE] if last is not None else ""
    if final and final.rstrip(".!") not in {line.rstrip(".!") for line, _ in facts}:
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
    newest_first = sorted(range(len(lines) - 1), key=lambda n: (lines[n][1], n), reverse=True)
    for index in (len(lines) - 1, *newest_first):
        line = lines[index][0][:LONGEST_LINE]
        if len(line) + 3 <= room:
            taken[index] = line
            room -= len(line) + 3
    return [taken[index] for index in sorted(taken)]


def inventory(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about what the agent has; None for any other message."""
    asked = [expand(plain(one)) for one in [*sentences(text[:MOST])][:8]]
    found = (_possessions(core, call) for core in asked if TALK.asks.match(core))
    return next((one for one in found if one is not None), None)


def _possessions(core: str, call: ModelCall) -> str | None:
    is_own = not TALK.of_the_user.search(core)
    if is_own and TALK.skills.search(core):
        lines = [f"- {one.name}: {one.description}".removesuffix(": ") for one in call.skills]
        lines = lines or _skills_in_context(call)
        none = "I have no skills: none were offered with this request."
        return "\n".join(["I have these skills:", *lines]) if lines else none
    if is_own and TALK.tools.search(core):
        return f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
    if blocks := [block for block in call.blocks if _asks_for(core, block)]:
        return "\n".join(map(_shown, blocks))
    if TALK.blocks.search(core) or TALK.whole.search(core):
        return "\n".join(map(_shown, call.blocks)) or "I have no memory blocks."
    return None


def _skills_in_context(call: ModelCall) -> list[str]:
    """Return the skills that the client lists in the newest section which it added about them."""
    own = (one.text for one in reversed(call.messages) if one.role == "user")
    sections = (part for text in own for part in added_sections(text))
    listed = next((part for part in sections if TALK.offered.search(part[:MOST])), "")
    return [line.strip() for line in listed.splitlines() if line.startswith("- ")]


def _asks_for(core: str, block: MemoryBlock) -> bool:
    """Return whether a block is asked for by its label: `your human block`, `in your persona`."""
    for name in {block.label, re.sub(r"[_-]+", " ", block.label)}:
        match = re.search(LABEL.format(re.escape(name)) + r"(?!\w)", core, re.IGNORECASE)
        ends = match and not core[match.end() :].strip(" ?.!")
        if match and ("block" in match[0].lower() or (ends and TALK.inside.search(core))):
            return True
    return False


def _shown(block: MemoryBlock) -> str:
    return f"{block.label}: {block.value}" if block.value else f"{block.label} is empty."


def everything(sources: Sources) -> str:
    """List what was told in this conversation and what the blocks hold, newest last."""
    joined = [fact.text for fact in sources.history if fact.text != fact.clause]
    whole = [
        fact
        for fact in sources.history
        if fact.text in joined or not any(fact.clause in one for one in joined)
    ]
    settled = {slot for fact in whole for slot in fact.slots}
    said = {fact.spelling for fact in whole}
    blocks = (one for one in sources.blocks if one.teller != "persona" and one.spelling not in said)
    noted = [one for one in blocks if settled.isdisjoint(one.slots)]
    told = [expand(fact.retold()) for fact in whole[-LISTED:] + noted[:LISTED]]
    once = {line.rstrip(".").lower(): line for line in reversed(told)}
    if not once:
        return "I don't know anything about you yet. You haven't told me in this conversation."
    listed = "; ".join(map(as_clause, reversed(once.values())))
    return f"Here is what I know: {listed[:MOST]}."
