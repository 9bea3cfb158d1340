"""Tool questions: what a tool does, whether there is one, and what was called before."""

import re
from collections.abc import Iterator, Sequence

from mockletta.brain.decisions import ModelCall, ToolCall, ToolSchema
from mockletta.brain.history import newest, parsed
from mockletta.brain.tool_parameters import own_tools, parameters_of
from mockletta.default_brain.tool_calling.tool_evidence import evidence_for
from mockletta.language.facts import asks_for_return
from mockletta.language.parameter_roles import roles_of
from mockletta.language.sentences import kind, plain, sentences
from mockletta.language.words import concepts, expand, patterns, tokens, word_set

TALK = patterns("talk")
TOOL = patterns("tool")
FITTING = {
    "who": word_set("person to from by"),
    "whom": word_set("person to from by"),
    "when": word_set("date time"),
    "where": frozenset({"place"}),
    "what": word_set("text title topic"),
}
LISTED = "My tools: "
MOST = 2000
MOST_SENTENCES = 8
MOST_READ = 200
LONGEST = 300


def tool_question(text: str, call: ModelCall) -> str | None:
    """Return the answer to a question about tools or about calls; None for any other message."""
    said = [*sentences(text[:MOST])][:MOST_SENTENCES]
    asked = [one for one in said if one.endswith("?") or kind(one) == "question"]
    for sentence in asked if call.schemas else ():
        core = expand(plain(sentence))
        if tool := _named(core, call):
            return _described(tool)
        own = own_tools(call.schemas)
        if not own or asks_for_return(core):
            continue
        if (
            told := _whether_there_is(expand(sentence), own, call)
            or _choices(core, own)
            or _done(core, own, call)
        ):
            return told
    return None


def _named(core: str, call: ModelCall) -> ToolSchema | None:
    """Return the tool that is asked about by its name."""
    if not TALK.of_tool.search(core) or TALK.of_the_user.search(core):
        return None
    words = {word.lower() for word in re.findall(r"[\w-]+", core)}
    return next(
        (one for one in call.schemas if "_" in one.name and one.name.lower() in words), None
    )


def _described(tool: ToolSchema) -> str:
    takes = ", ".join(f"{one.name} ({one.kind})" for one in parameters_of(tool).values())
    return f"{tool.name}: {_does(tool)} It takes {takes or 'no arguments'}."


def _does(tool: ToolSchema) -> str:
    return " ".join(tool.description.split("\n\n")[0].split())[:LONGEST]


def _best(text: str, tools: Sequence[ToolSchema]) -> ToolSchema | None:
    """Return the tool that a text names best by what it does; None if it names none."""
    told = [(evidence_for(one, text), one) for one in tools]
    meant = [one for one in told if one[0].nouns or one[0].literal or one[0].described]
    return max(meant, key=lambda one: one[0].score)[1] if meant else None


def _whether_there_is(core: str, own: Sequence[ToolSchema], call: ModelCall) -> str | None:
    """Answer whether there is a tool for something."""
    match = TOOL.asks_for_one.match(core)
    if match and match["which"] and not _has_just_listed(call) and "tool" not in match[0]:
        return None
    tool = _best(core[match.end() :], own) if match else None
    if match is None or (tool is None and not match["tool"]):
        return None
    if tool is None:
        return f"No. My tools: {', '.join(call.tools)}."
    if match["which"]:
        return _described(tool)
    return f"{'With' if match['open'] else 'Yes, with'} my tool {tool.name}: {_does(tool)}"


def _has_just_listed(call: ModelCall) -> bool:
    """Return whether the reply before the newest message listed the tools."""
    last = newest(call.messages) or 0
    return last > 0 and call.messages[last - 1].text.startswith(LISTED)


def _choices(core: str, own: Sequence[ToolSchema]) -> str | None:
    """Answer which values a parameter can have, such as the stages to deploy to."""
    match = TOOL.asks_choices.match(core)
    tool = _best(core[match.end() :], own) if match else None
    if match is None or tool is None:
        return None
    named = concepts([match["noun"]])
    found = (one for one in roles_of(tool).every if one.choices and not one.words.isdisjoint(named))
    told = (f"The {one.name} of {tool.name} can be {' or '.join(one.choices)}." for one in found)
    return next(told, None)


def _done(core: str, own: Sequence[ToolSchema], call: ModelCall) -> str | None:
    """Answer what was called before, and with what."""
    polar, asked = TOOL.asks_whether_done.match(core), TOOL.asks_what_was_done.match(core)
    if not (polar or asked):
        return None
    made = _made(own, call)
    tool = _best(core, own)
    if tool is None:
        last = next(made, None)
        fits = last and asked and _fits(asked, last, own)
        return _called(last) if last and fits else None
    found = next((one for one in made if one.name == tool.name), None)
    if found:
        return f"{'Yes, ' if polar else ''}{_called(found)}"
    return f"No, I have not called {tool.name} in this conversation." if polar else None


def _made(own: Sequence[ToolSchema], call: ModelCall) -> Iterator[ToolCall]:
    """Yield the calls of the agent's own tools before the newest message, the newest first."""
    names = {one.name for one in own}
    last = newest(call.messages) or 0
    for index in range(last - 1, max(-1, last - MOST_READ), -1):
        yield from (one for one in reversed(call.messages[index].tool_calls) if one.name in names)


def _fits(asked: re.Match[str], made: ToolCall, own: Sequence[ToolSchema]) -> bool:
    """Return whether an argument of a call is what a question asks for."""
    tool = next(one for one in own if one.name == made.name)
    given = [one for one in roles_of(tool).every if one.name in parsed(made.arguments)]
    words = concepts(tokens(asked.string))
    roles = FITTING.get(asked["word"].lower(), frozenset())
    return any(not (one.words.isdisjoint(words) and one.roles.isdisjoint(roles)) for one in given)


def _called(made: ToolCall) -> str:
    given = "; ".join(f"{name}: {_shown(value)}" for name, value in parsed(made.arguments).items())
    return f"I called {made.name}{' with ' if given else ''}{given}."


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
