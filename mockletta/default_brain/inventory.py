"""Inventory: what the agent has at hand when asked for it: skills, tools, memory blocks."""

import re

from mockletta.brain.decisions import MemoryBlock, ModelCall
from mockletta.default_brain.sentences import plain, sentences
from mockletta.default_brain.words import expand

ASKS = re.compile(
    r"^(?:what|which|list|show|tell|name|describe|do you|are there|have you|give|print|read|is "
    r"there|"
    r"how many|enumerate|display|recite)\b",
    re.IGNORECASE,
)
SKILLS = re.compile(r"\bskills?\b", re.IGNORECASE)
TOOLS = re.compile(r"\b(?:your|available|have|which|what) (?:\w+ )?tools?\b", re.IGNORECASE)
OF_THE_USER = re.compile(r"\b(?:my|i)\b(?! (?:use|have access|ask|call))", re.IGNORECASE)
BLOCKS = re.compile(
    r"\b(?:your|the|all)?\s*(?:core )?memory blocks\b|\byour blocks\b", re.IGNORECASE
)
WHOLE = re.compile(
    r"\bin(?:side)? your (?:core )?memory\b(?! about)|^(?:show|print|list|display|read)(?: me)? "
    r"your "
    r"(?:core )?memory\b",
    re.IGNORECASE,
)
LABEL = r"(?:\byour|\bthe|\bmy|\bthis)\s+[\"'`]?{}[\"'`]?(?:\s+(?:memory\s+)?block)?"
LONGEST = 2000


def inventory(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about what the agent has; None for any other message."""
    for sentence in [*sentences(text[:LONGEST])][:8]:
        core = expand(plain(sentence))
        if ASKS.match(core) and (found := listed(core, call)) is not None:
            return found
    return None


def listed(core: str, call: ModelCall) -> str | None:
    if SKILLS.search(core) and not OF_THE_USER.search(core):
        return skills(call)
    if TOOLS.search(core) and not OF_THE_USER.search(core):
        return f"My tools: {', '.join(call.tools)}." if call.tools else "I have no tools."
    if blocks := [block for block in call.blocks if asks_for(core, block)]:
        return "\n".join(map(shown, blocks))
    if BLOCKS.search(core):
        return "\n".join(map(shown, call.blocks)) or "I have no memory blocks."
    if WHOLE.search(core) and is_whole(core):
        return "\n".join(map(shown, call.blocks)) or "My memory is empty."
    return None


def is_whole(core: str) -> bool:
    return len(core.split()) < 9


def skills(call: ModelCall) -> str:
    if not call.skills:
        return "I have no skills: none were offered with this request."
    named = [
        f"{skill.name}: {skill.description}" if skill.description else skill.name
        for skill in call.skills
    ]
    return "I have these skills:\n" + "\n".join(f"- {line}" for line in named)


def asks_for(core: str, block: MemoryBlock) -> bool:
    """Whether a block is asked for by its label: `your human block`, `in your persona`."""
    names = {block.label, re.sub(r"[_-]+", " ", block.label)}
    for name in names:
        match = re.search(LABEL.format(re.escape(name)) + r"(?!\w)", core, re.IGNORECASE)
        if match and (match[0].lower().endswith("block") or ends(core, match.end())):
            return True
    return False


def ends(core: str, position: int) -> bool:
    """Whether a label is the last word and its content is meant: `what is in your persona?`."""
    return (
        not core[position:].strip(" ?.!") and re.search(r"\b(?:in|of|inside)\b", core) is not None
    )


def shown(block: MemoryBlock) -> str:
    return f"{block.label}: {block.value}" if block.value else f"{block.label} is empty."
