import pytest
from pydantic import TypeAdapter, ValidationError

from mockletta.wire.tool_rules import ToolRule

RULES: TypeAdapter[list[ToolRule]] = TypeAdapter(list[ToolRule])
TAGS = (
    "<ToolRuleType.constrain_child_tools: 'constrain_child_tools'>, "
    "<ToolRuleType.run_first: 'run_first'>, <ToolRuleType.exit_loop: 'exit_loop'>, "
    "<ToolRuleType.conditional: 'conditional'>, <ToolRuleType.continue_loop: 'continue_loop'>, "
    "<ToolRuleType.required_before_exit: 'required_before_exit'>, "
    "<ToolRuleType.max_count_per_step: 'max_count_per_step'>, "
    "<ToolRuleType.parent_last_tool: 'parent_last_tool'>, "
    "<ToolRuleType.requires_approval: 'requires_approval'>"
)


def test_a_rule_comes_back_with_its_prompt_template() -> None:
    rules = RULES.validate_python([{"type": "exit_loop", "tool_name": "answer"}])
    assert RULES.dump_json(rules) == (
        b'[{"tool_name":"answer","type":"exit_loop","prompt_template":null}]'
    )


def test_the_conditional_rule_comes_back_whole() -> None:
    rule = {"type": "conditional", "tool_name": "ask", "child_output_mapping": {"yes": "go"}}
    assert RULES.dump_python(RULES.validate_python([rule]), mode="json") == [
        {
            "tool_name": "ask",
            "type": "conditional",
            "prompt_template": None,
            "default_child": None,
            "child_output_mapping": {"yes": "go"},
            "require_output_mapping": False,
        }
    ]


def test_an_unknown_type_is_refused_as_recorded() -> None:
    rule = {"type": "nope", "tool_name": "x"}
    with pytest.raises(ValidationError) as caught:
        RULES.validate_python([rule])
    assert caught.value.errors(include_url=False) == [
        {
            "type": "union_tag_invalid",
            "loc": (0,),
            "msg": "Input tag 'nope' found using 'type' does not match any of the expected tags: "
            f"{TAGS}",
            "input": rule,
            "ctx": {"discriminator": "'type'", "tag": "nope", "expected_tags": TAGS},
        }
    ]


def test_unlike_elsewhere_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        RULES.validate_python([{"type": "exit_loop", "tool_name": "answer", "mood": "sunny"}])
