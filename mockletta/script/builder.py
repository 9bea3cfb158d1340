"""Scripts in Python: `mock.when("weather in {city}").call("get_weather").say("18 degrees")`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Literal, Self, TypeVar

from pydantic import ValidationError

from mockletta.script.conditions import Predicate
from mockletta.script.engine import Script
from mockletta.script.script_models import Rule, RuleConditions
from mockletta.script.user_code import is_async, name_of
from mockletta.script.validation_problems import problems

NOT_CONDITIONS = frozenset(Rule.model_fields) - {"when", "reply", "sequence"}

T = TypeVar("T")


class BadRule(ValueError):
    """An invalid rule in Python. The message says what was expected and what was received."""


class Verbs(ABC):
    """The methods that add an item to a reply."""

    @abstractmethod
    def _add(self, verb: str, item: dict[str, object]) -> Self:
        """Add an item to the reply."""

    def think(self, text: str, /, **pace: object) -> Self:
        """Add reasoning; `pace` is `ttft`, `tokens_per_second`, `jitter`, `chunk`."""
        return self._add("think", {"think": text, **pace})

    def say(self, text: str, /, **pace: object) -> Self:
        """Add a message to the user; `pace` is as in `think`."""
        return self._add("say", {"say": text, **pace})

    def call(
        self,
        tool: str,
        /,
        with_: Mapping[str, object] | None = None,
        *,
        returns: object = None,
        status: Literal["success", "error"] | None = None,
        stdout: object = None,
        stderr: object = None,
        approve: bool | None = None,
        id: str | None = None,  # noqa: A002 - the key in a file
        arguments: object = None,
        **own: object,
    ) -> Self:
        """Add a tool call. Its arguments are the keyword arguments, or all of `with_`; with
        `returns` the tool is not run. `arguments` is their raw text, which may be invalid JSON.
        """
        options = {
            "with": None if with_ is None and not own else {**(with_ or {}), **own},
            "returns": returns,
            "status": status,
            "stdout": stdout,
            "stderr": stderr,
            "approve": approve,
            "id": id,
            "arguments": arguments,
        }
        return self._add("call", {"call": tool, **_given(options)})

    def calls(self, *calls: Mapping[str, object]) -> Self:
        """Add several tool calls in one step, each as in a file: `{"call": ..., "with": ...}`."""
        return self._add("calls", {"calls": [dict(call) for call in calls]})

    def edit(
        self,
        label: str,
        /,
        *,
        insert: str | None = None,
        at: int | None = None,
        replace: str | None = None,
        with_: str | None = None,
        set: str | None = None,  # noqa: A002 - the key in a file
    ) -> Self:
        """Edit a memory block: insert a text, replace one by another, or set the whole value."""
        options = {"insert": insert, "at": at, "replace": replace, "with": with_, "set": set}
        return self._add("edit", {"edit": label, **_given(options)})

    def fail(
        self, kind: str, /, *, message: str | None = None, after_tokens: int | None = None
    ) -> Self:
        """Fail as a model provider does: at once, after the text so far, or in the middle of it.
        `message` is the provider's text."""
        more = _given({"message": message, "after_tokens": after_tokens})
        return self._add("fail", {"fail": kind, **more})

    def stop(self, reason: str = "end_turn", /) -> Self:
        """End the turn with a stop reason."""
        return self._add("stop", {"stop": reason})

    def summary(self, text: str, /) -> Self:
        """Set the summary that compaction gets."""
        return self._add("summary", {"summary": text})

    def usage(self, **tokens: object) -> Self:
        """Set `prompt_tokens`, `completion_tokens` or `reasoning_tokens` of this step."""
        return self._add("usage", {"usage": tokens})

    def event(self, event: object, /) -> Self:
        """Stream a raw event after the events of the step."""
        return self._add("event", {"event": event})

    def fault(self, fault: object, /) -> Self:
        """Apply a fault to the response."""
        return self._add("fault", {"fault": fault})

    def wait(self, duration: object, /) -> Self:
        """Wait first: a number of seconds, or a text such as `800ms`."""
        return self._add("wait", {"wait": duration})


class ReplyBuilder(Verbs):
    """A reply without a rule, for a function to return; see `reply`."""

    def __init__(self) -> None:
        self.items: list[object] = []

    def _add(self, verb: str, item: dict[str, object]) -> Self:  # noqa: ARG002 - see When
        self.items.append(item)
        return self


def reply() -> ReplyBuilder:
    """Start a reply that a function returns, such as `reply().think("...").say("...")`."""
    return ReplyBuilder()


class When(Verbs):
    """Builds a rule. The rule is active at once, and each method adds to its reply. After a reset
    of the script, the next method adds the rule again.

    The first argument is the text to match, or a function of the turn. The others are the keys of
    `when` in a file, and those of the rule itself: `name`, `per`, `then` and the pace.

    >>> When(script, "weather in {city}", agent="support", times=2).say("Sunny in {{ city }}.")
    >>> When(script, lambda turn: "!" in turn.text).say("Do not shout.")
    """

    def __init__(
        self,
        script: Script,
        text: object = None,
        /,
        *,
        matches: Predicate | None = None,
        **conditions: object,
    ) -> None:
        self._script = script
        is_function = callable(text)
        self._matches = text if callable(text) else matches
        if is_async(self._matches):
            name = name_of(self._matches)
            raise BadRule(f"when({name}): a predicate must be synchronous: use `def {name}`")
        self._own = {key: conditions.pop(key) for key in NOT_CONDITIONS & conditions.keys()}
        self._when = conditions if is_function or text is None else {"text": text, **conditions}
        self._replies: list[list[object]] = [[]]
        waiting = _validated(lambda: RuleConditions.model_validate(self._when), self._spelled())
        self._key = script.add(Rule.model_construct(when=waiting), self._matches)

    def times(self, times: int, /) -> Self:
        """Use the rule at most this number of times."""
        return self._put(".times(...)", {**self._when, "times": times}, self._replies)

    def then(self) -> Self:
        """Start the reply to the next matching message."""
        if not self._replies[-1]:
            raise BadRule(f"{self._spelled()}.then(): expected a reply before, such as .say(...)")
        self._replies = [*self._replies, []]
        return self

    def _add(self, verb: str, item: dict[str, object]) -> Self:
        longer = [*self._replies[:-1], [*self._replies[-1], item]]
        return self._put(f".{verb}(...)", self._when, longer)

    def _put(self, verb: str, when: dict[str, object], replies: list[list[object]]) -> Self:
        """Replace the rule by a changed one. Raises BadRule, and changes nothing, if it is
        invalid."""
        waiting = _validated(
            lambda: RuleConditions.model_validate(when), f"{self._spelled()}{verb}"
        )
        rule = Rule.model_construct(when=waiting)
        if replies[0]:
            written = {**self._own, "when": when, **self._replied(replies)}
            rule = _validated(lambda: Rule.model_validate(written), f"{self._spelled()}{verb}")
        self._key = self._script.change(self._key, rule, self._matches)
        self._when, self._replies = when, replies
        return self

    def _replied(self, replies: list[list[object]]) -> dict[str, object]:
        """Return the replies as a rule has them. A rule that sets how they advance has a
        sequence."""
        made = [reply for reply in replies if reply]
        advances = "then" in self._own or ("per" in self._own and "times" not in self._when)
        return {"sequence": made} if len(made) > 1 or advances else {"reply": made[0]}

    def _spelled(self) -> str:
        conditions = {**self._when, **self._own}
        return f"when({', '.join(f'{name}={value!r}' for name, value in conditions.items())})"


def _given(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


def _validated(validate: Callable[[], T], call: str) -> T:
    """Validate a model. Raises BadRule with all problems."""
    try:
        return validate()
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one.path))}: {one.message}" for one in problems(error)]
        raise BadRule(f"{call}: {'; '.join(found)}") from None
