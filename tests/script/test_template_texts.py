"""Templates: what they fill in, and what they must not do."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from mockletta.script.template_texts import (
    BadTemplate,
    Template,
    fill,
    fill_value,
    names_in,
    templates_in,
)

FACTS = {
    "city": "Paris",
    "count": 2,
    "blocks": {"human": "H"},
    "team": {"ann": "A", "bob": "B"},
    "many": {f"key {number}": number for number in range(10, 40)},
    "message": "m" * 1_000,
    "now": datetime(2026, 3, 4, tzinfo=UTC),
    "history": [{"text": "a"}, {"text": "b"}],
}


def look_up(names: frozenset[str]) -> Mapping[str, object]:
    return {name: FACTS[name] for name in names if name in FACTS}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("In {{ city }}!\n", "In Paris!\n"),
        ("{% if %} {# #} { city }", "{% if %} {# #} { city }"),
        ("{{ city|upper }} {{ city[0] }} {{ blocks.human }}", "PARIS P H"),
        ("{{ 'two' if count > 1 else 'one' }}", "two"),
        ("{{ city.lower().split('r')[0] }}", "pa"),
        ("{{ count + 1 }} {{ count * 3 }} {{ 7 % 4 }} {{ 1.5 + 1 }}", "3 6 3 2.5"),
        ("{{ city + '!' }} {{ [1] + [2] }} {{ city ~ count }}", "Paris! [1, 2] Paris2"),
        ("{{ history|map(attribute='text')|join(', ') }}", "a, b"),
        ("{{ city|replace('P', 'B') }}", "Baris"),
        ("{{ blocks|tojson }}", '{"human": "H"}'),
        ("{{ 2.567|round(1) }} {{ 2.5|round }}", "2.6 2"),
        ("{{ nope|default('none') }}", "none"),
        ("{{ now }} {{ now.strftime('%Y') }}", "2026-03-04 00:00:00+00:00 2026"),
        ("{{ '1e400'|float|round(1) }}", "inf"),
        ("{{ now }}", "2026-03-04 00:00:00+00:00"),
        ("{{ blocks.keys() }} {{ [2, 1]|reverse }}", "['human'] [1, 2]"),
        ("{{ ['a', 'a']|unique }}", "['a']"),
    ],
)
def test_a_template_is_filled_in(template: str, filled: str) -> None:
    assert fill(template, look_up) == filled


def test_json_keeps_the_type_of_a_template_that_stands_alone() -> None:
    value = {"{{ city }}": ["{{ count }}", "{{ count }}.", 5, None, "{{ blocks }}", "plain"]}

    assert fill_value(value, look_up) == {"Paris": [2, "2.", 5, None, {"human": "H"}, "plain"]}


def test_without_facts_a_template_is_a_text() -> None:
    assert fill("{{ city", None) == "{{ city"
    assert fill_value(["{{ city"], None) == ["{{ city"]


def test_templates_and_their_names_are_found() -> None:
    assert list(templates_in({"a{{ x }}": ["b", ("{{ y }}", 1)]})) == ["a{{ x }}", "{{ y }}"]
    assert names_in("{{ x ~ y.z }}") == {"x", "y"}
    assert names_in("x") == frozenset()


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ nope }}", "'nope' is undefined"),
        ("{{ nope }}.", "'nope' is undefined"),
        ("{{ city.nope }}", "has no attribute 'nope'"),
        ("{{ blocks.nope }}", ": there is no `nope`, only `human`"),
        ("{{ team['nope'] ~ '.' }}", ": there is no `nope`, only `ann`, `bob`"),
        ("{{ {}.nope }}", ": there is no `nope`, only an empty mapping"),
        ("{{ many.nope }}", "`key 29`, 10 more"),
        ("{{ blocks.__class__ }}", "unsafe"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{{ city + 1 }}", "`+` accepts only numbers of a moderate size"),
        ("{{ 'x' * 1000000000 }}", "`*` accepts only numbers of a moderate size"),
        ("{{ '%1000000000d' % 1 }}", "`%` accepts only numbers of a moderate size"),
        (f"{{{{ {'9' * 200} * {'9' * 200} }}}}", "`*` accepts only numbers of a moderate size"),
        ("{{ message|replace('m', message)|replace('m', message) }}", "longer than 1000000"),
        ("{{ message|list|join(message ~ message) }}", "longer than 1000000"),
        ("{{ message.split(message ~ message) }}", "an argument is longer than 1000"),
        (
            "{{ [message|replace('m', message)]|map('replace', 'm', 'mm')|list }}",
            "longer than 1000000",
        ),
        ("{{ city|map('nope')|list }}", "No filter named 'nope'"),
        ("{{ city.upper }}", "`upper` is a method: call it with ()"),
        ("a {{ blocks.keys }}", "`keys` is a method: call it with ()"),
    ],
)
def test_a_template_that_cannot_be_filled_in_says_why(template: str, reason: str) -> None:
    with pytest.raises(BadTemplate) as failed:
        fill(template, look_up)

    assert reason in str(failed.value)
    assert repr(template)[:200] in str(failed.value)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ x", "unexpected end of template"),
        ("{{ range(3) }}", "only these methods of a value can be called: count, date,"),
        ("{{ '{:1000000}'.format(1) }}", "only these methods of a value can be called"),
        ("{{ 9 ** 9 }}", "Pow is not allowed here"),
        ("{{ x|center(1000000000) }}", "No filter named 'center'"),
        (f"{{{{ {'(' * 5_000}1{')' * 5_000} }}}}", "it is nested too deeply"),
        (f"{{{{ {'x' * 20_000} }}}}", "it is longer than 20000 characters"),
        ("hi {{ self }}", "`self` is not a name that a template can read"),
        ("{{ 1" + "0" * 5_000 + " }}", "it has a number that is too long"),
        ("{{ x }}" * 101, "it has more than 100 names"),
    ],
)
def test_what_a_template_may_not_do_is_found_on_loading(template: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Template).validate_python(template)

    assert reason in str(refused.value)
