from mockletta.tools.returns import (
    ToolOutcome,
    error_text,
    failure,
    function_response,
    success,
    truncated,
)

WHEN = "2026-11-22 08:52:17 PM UTC+0000"


def test_a_text_is_returned_as_it_is() -> None:
    assert success("ret") == ToolOutcome("ret", "success", None, (), None)


def test_nothing_is_returned_as_none() -> None:
    assert success(None) == ToolOutcome("None")


def test_a_list_is_returned_as_its_repr() -> None:
    assert success([{"tags": ["fact"]}]) == ToolOutcome("[{'tags': ['fact']}]")


def test_a_dict_is_returned_as_its_repr_and_kept_for_the_model() -> None:
    assert success({"a": [1, 2]}) == ToolOutcome("{'a': [1, 2]}", data={"a": [1, 2]})


def test_an_error_is_told_without_its_class_and_in_stderr_with_it() -> None:
    error = KeyError("Block field nope does not exist")
    assert failure("memory_insert", error) == ToolOutcome(
        "'Block field nope does not exist'",
        "error",
        ("Error executing function memory_insert: KeyError: 'Block field nope does not exist'",),
    )


def test_a_custom_tools_error_is_one_line() -> None:
    text = error_text("boom_tool", "ValueError", "boom")
    assert text == "Error executing function boom_tool: ValueError: boom"


def test_a_text_within_the_limit_is_kept() -> None:
    assert truncated("z" * 100, 100) == "z" * 100


def test_a_longer_text_is_cut_and_ends_in_a_note() -> None:
    assert truncated("z" * 500, 100) == "z" * 100 + (
        "... [NOTE: function output was truncated since it exceeded the character limit "
        "(590 > 100)]"
    )


def test_the_note_on_a_very_long_text_is_as_long_as_recorded() -> None:
    assert len(truncated("y" * 60_000, 50_000)) == 50_095


def test_a_model_is_sent_the_return_in_an_envelope() -> None:
    assert function_response("success", "Line one\nLine two", WHEN) == (
        '{\n  "status": "OK",\n  "message": "Line one\\nLine two",\n'
        '  "time": "2026-11-22 08:52:17 PM UTC+0000"\n}'
    )


def test_a_model_is_sent_an_error_as_failed() -> None:
    assert function_response("error", "Ärger", WHEN) == (
        '{\n  "status": "Failed",\n  "message": "Ärger",\n'
        '  "time": "2026-11-22 08:52:17 PM UTC+0000"\n}'
    )


def test_a_model_is_sent_a_dict_as_json() -> None:
    assert function_response("success", {"a": [1, 2]}, WHEN) == (
        '{\n  "status": "OK",\n  "message": {\n    "a": [\n      1,\n      2\n    ]\n  },\n'
        '  "time": "2026-11-22 08:52:17 PM UTC+0000"\n}'
    )
