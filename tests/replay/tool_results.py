"""What the recorded tools returned: mockletta does not run their code, so the replay does."""

import json
import re
from collections.abc import Callable, Iterator, Mapping

from mockletta.brain.decisions import ToolResult
from mockletta.documents.json_types import Json
from mockletta.recordings.drift.transcripts import ScenarioTranscript

Results = Mapping[str, Callable[[Mapping[str, object]], ToolResult]]

_TEXT_RETURNED = re.compile(r'^    return "\w+ " \+ \w+\n\Z', re.MULTILINE)
# A tool that returns one text may wait first; nothing waits here [88].
_ONE_TEXT = re.compile(r"^def (\w+)\(.*\n    return ([\"'])(\w+)\2\n\Z", re.DOTALL)
BOOM = "Error executing function boom_tool: ValueError: boom"


def _doubled(arguments: Mapping[str, object]) -> ToolResult:
    return ToolResult(str(_x_of(arguments) * 2))


def _always(value: str) -> Callable[[Mapping[str, object]], ToolResult]:
    return lambda arguments: _checked(ToolResult(value), arguments)


def _checked(result: ToolResult, arguments: Mapping[str, object]) -> ToolResult:
    _x_of(arguments)
    return result


def _x_of(arguments: Mapping[str, object]) -> int:
    """The one argument that the tools of the old recordings take; TypeError for any other."""
    [(name, value)] = arguments.items() if len(arguments) == 1 else [("", None)]
    if name != "x" or not isinstance(value, int):
        raise TypeError(arguments)
    return value


TOOLS: Results = {
    "guarded_tool": _doubled,
    "free_tool": _doubled,
    "default_guarded": _doubled,
    "boom_tool": lambda given: _checked(ToolResult(BOOM, "error", stderr=(BOOM,)), given),
    "print_tool": lambda given: _checked(ToolResult("ret", stdout=("hello stdout\n",)), given),
    "big_tool": _always("y" * 60_000),
    "dict_tool": _always("{'a': [1, 2]}"),
    "none_tool": _always("None"),
    "limit_tool": _always("z" * 500),
}


def results_of(transcript: ScenarioTranscript) -> Results:
    """The tools of a recording that return a text, by name, beside those of the old recordings."""
    sources = {one for raw in transcript.raw["exchanges"] for one in _code(raw["request"])}
    made = map(_compiled, sorted(filter(_TEXT_RETURNED.search, sources)))
    fixed = {found[1]: _returns(found[3]) for one in sources if (found := _ONE_TEXT.search(one))}
    return {**dict(made), **fixed, **TOOLS}


def _returns(text: str) -> Callable[[Mapping[str, object]], ToolResult]:
    return lambda _: ToolResult(text)


def functions_of(transcript: ScenarioTranscript) -> Mapping[str, Callable[..., object]]:
    """The tools of a recording that read their environment: they have to run where it is set."""
    sources = {one for raw in transcript.raw["exchanges"] for one in _code(raw["request"])}
    return dict(_function_of(source) for source in sorted(sources) if "os.getenv" in source)


def result_of(results: Results, name: str, arguments: str) -> ToolResult | None:
    """What a recorded tool returns for arguments that fit it."""
    try:
        return results[name](json.loads(arguments)) if name in results else None
    except (KeyError, TypeError, ValueError):
        return None


def _code(request: Mapping[str, Json]) -> Iterator[str]:
    """The source code that a request sends."""
    body = request["body"]
    source = body.get("source_code") if isinstance(body, dict) else None
    if isinstance(source, str):
        yield source


def _compiled(source: str) -> tuple[str, Callable[[Mapping[str, object]], ToolResult]]:
    name, function = _function_of(source)
    return name, lambda arguments: ToolResult(str(function(**arguments)))


def _function_of(source: str) -> tuple[str, Callable[..., object]]:
    names: dict[str, Callable[..., object]] = {}
    exec(source, names)
    return [(name, one) for name, one in names.items() if callable(one)][-1]
