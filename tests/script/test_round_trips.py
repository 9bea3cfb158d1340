"""Any valid script reads the same from YAML, JSON and Python; any mangled one is told of."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockletta.brain.provider_failures import FAILURES
from mockletta.script.builder import When
from mockletta.script.engine import Script
from mockletta.script.script_files import BadScript, check_script, load_script
from mockletta.script.script_models import ScriptFile
from mockletta.wire.stop_reasons import StopReasonType
from tests.environment import amount
from tests.script.asking import Fallback

WORDS = st.sampled_from(
    ["weather", "in {city}", "/wea(ther)?/i", "Paris", "a: b", "- x", "é 😀", "#"]
)
TEXTS = st.one_of(
    WORDS, st.text(st.characters(codec="utf-8", exclude_characters="/{}"), max_size=8)
)
SAID = st.one_of(TEXTS, st.sampled_from(["{{ message }}", "{{ count + 1 }}", "{% if %}"]))
PATTERNS = st.one_of(TEXTS, st.builds(lambda text: {"exact": text}, TEXTS))
NAMES = st.one_of(TEXTS, st.lists(TEXTS, min_size=1, max_size=2))
NUMBERS = st.integers(1, 9)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), SAID),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXTS, inner, max_size=2)),
    max_leaves=4,
)
FAULTS = st.sampled_from(
    ["truncate=1", "rate_limit", {"status": 429, "retry_after": 2}, {"reset": {"in_frame": 1}}]
)
PACE = st.fixed_dictionaries(
    {},
    optional={
        "ttft": st.sampled_from(["800ms", "1.5s", 2]),
        "tokens_per_second": NUMBERS,
        "jitter": st.sampled_from([0, 0.5, 1]),
        "chunk": NUMBERS,
    },
)


def both(one: st.SearchStrategy[Any], other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mappings with the keys of two."""
    return st.builds(lambda first, second: {**first, **second}, one, other)


def items(verb: str, value: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    return st.fixed_dictionaries({verb: value}, optional=more)


THINKS = both(items("think", SAID), PACE)
SAYS = both(items("say", SAID), PACE)
CALLS = st.one_of(
    items(
        "call",
        TEXTS,
        **{"with": st.dictionaries(TEXTS, JSON, max_size=2), "id": WORDS, "approve": st.booleans()},
    ),
    both(
        st.fixed_dictionaries({"call": TEXTS, "returns": SAID, "arguments": SAID}),
        items("status", st.sampled_from(["success", "error"]), stdout=NAMES, stderr=NAMES),
    ),
)
EDITS = st.one_of(
    items("edit", WORDS).flatmap(lambda item: st.builds(lambda s: {**item, "set": s}, SAID)),
    items("edit", WORDS).flatmap(lambda item: st.builds(lambda s: {**item, "insert": s}, SAID)),
)
STEPS = st.one_of(
    st.lists(CALLS, min_size=1, max_size=1),
    st.tuples(THINKS, CALLS).map(list),
    st.tuples(SAYS, EDITS).map(list),
    st.tuples(st.lists(CALLS, min_size=1, max_size=2).map(lambda calls: {"calls": calls})).map(
        list
    ),
)
ENDS = st.one_of(
    st.tuples(SAYS).map(list),
    st.tuples(THINKS, SAYS, items("usage", items("prompt_tokens", NUMBERS))).map(list),
    st.tuples(items("fail", st.sampled_from([*FAILURES]))).map(list),
    st.tuples(SAYS, items("stop", st.sampled_from([one.value for one in StopReasonType]))).map(
        list
    ),
    st.tuples(items("wait", st.just("2s")), SAYS, items("event", JSON)).map(list),
    st.tuples(SAYS, items("fault", FAULTS)).map(list),
)
REPLIES = st.builds(
    lambda steps, end: [*(item for step in steps for item in step), *end],
    st.lists(STEPS, max_size=2),
    ENDS,
)
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(PATTERNS, st.lists(PATTERNS, min_size=1, max_size=2)),
        "agent": st.one_of(NAMES, st.builds(lambda names: {"tag": names}, NAMES)),
        "conversation": NAMES,
        "model": NAMES,
        "turn": st.one_of(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=2)),
        "step": NUMBERS,
        "tool": NAMES,
        "returned": st.one_of(NAMES, items("value", PATTERNS, status=st.just("error"))),
        "block": st.dictionaries(WORDS, PATTERNS, max_size=1),
        "role": st.sampled_from(["user", "system"]),
        "image": st.booleans(),
        "times": NUMBERS,
    },
)
RULES = both(
    st.fixed_dictionaries({"when": WHEN, "sequence": st.lists(REPLIES, min_size=1, max_size=2)}),
    both(items("then", st.sampled_from(["repeat", "cycle", "next"]), name=WORDS), PACE),
)
SCRIPTS = st.fixed_dictionaries(
    {"replies": st.lists(RULES, max_size=2)},
    optional={"otherwise": st.sampled_from(["default", "echo", "strict"]), "version": st.just(1)},
)
QUICK = settings(
    max_examples=amount(25, nightly=200),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def loaded(path: Path, text: str) -> ScriptFile:
    path.write_text(text, encoding="utf-8")
    return load_script(str(path))


@QUICK
@given(script=SCRIPTS)
def test_any_script_reads_the_same_from_yaml_and_json(
    tmp_path: Path, script: dict[str, Any]
) -> None:
    file = ScriptFile.model_validate(script)

    for plain in (script, file.plain()):
        text = yaml.safe_dump(plain)
        assert loaded(tmp_path / "a.yaml", text) == file
        assert loaded(tmp_path / "a.json", json.dumps(plain)) == file
        assert loaded(tmp_path / "b.json", json.dumps(plain, ensure_ascii=False)) == file
    assert not [one for one in check_script(str(tmp_path / "a.yaml")) if one.level == "error"]


@QUICK
@given(script=SCRIPTS)
def test_any_rule_can_be_made_in_python(script: dict[str, Any]) -> None:
    file = ScriptFile.model_validate(script)
    made = Script(None, Fallback)

    for plain in file.plain()["replies"]:
        when, replies = plain.pop("when"), plain.pop("sequence")
        rule = When(made, **when, **plain)
        for number, reply in enumerate(replies):
            rule = rule.then() if number else rule
            for item in reply:
                add(rule, item)

    assert tuple(use.rule for use in made.rules) == file.replies


def add(rule: When, item: dict[str, Any]) -> None:
    """Add an item by the verb of its name."""
    options = {{"with": "with_"}.get(key, key): value for key, value in item.items()}
    verb = next(key for key in item if hasattr(When, key))
    value = options.pop(verb)
    if verb == "calls":
        rule.calls(*value)
    elif verb == "usage":
        rule.usage(**value)
    else:
        getattr(rule, verb)(value, **options)


@QUICK
@given(script=SCRIPTS, data=st.data())
def test_any_mangled_file_is_told_of_with_a_place_and_never_breaks(
    tmp_path: Path, script: dict[str, Any], data: st.DataObject
) -> None:
    text = yaml.safe_dump(script)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 20, len(text))))
    put = data.draw(
        st.one_of(st.text(max_size=5), st.sampled_from(["{{", "5", "[", "&a", "*a", "\t"]))
    )
    mangled = text[:start] + put + text[end:]
    file = tmp_path / data.draw(st.sampled_from(["a.yaml", "a.json"]))
    file.write_bytes(mangled.encode("utf-8", "surrogatepass"))

    findings = check_script(str(file))

    no_text = any(one.message.endswith("not UTF-8 text") for one in findings)
    assert no_text or all(one.line and one.column and one.message for one in findings)
    if any(one.level == "error" for one in findings):
        with pytest.raises(BadScript):
            load_script(str(file))
    else:
        load_script(str(file))


@QUICK
@given(value=JSON, data=st.data())
def test_any_value_in_any_place_is_told_of_and_never_breaks(
    tmp_path: Path, value: object, data: st.DataObject
) -> None:
    script = data.draw(SCRIPTS)
    node: Any = script
    while isinstance(node, dict | list) and node:
        keys = [*node] if isinstance(node, dict) else [*range(len(node))]
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = value
            break
        node = node[key]
    file = tmp_path / "a.json"
    file.write_text(json.dumps(script))

    for finding in check_script(str(file)):
        assert (finding.line, finding.column) >= (1, 1)
        assert "<" not in finding.message.split(":")[0]
