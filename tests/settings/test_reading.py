"""How settings are checked, and what is said of those that cannot be."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockletta.commands.options import SettingType
from mockletta.documents.hints import one_of
from mockletta.errors import BadSettings
from mockletta.settings.reading import BadSetting, read_settings
from mockletta.settings.setting_table import BY_NAME, SETTINGS
from mockletta.settings.settings import Settings
from mockletta.testing.mock_settings import OF_PYTHON, MockSettings
from mockletta.world.pace import Pace
from mockletta.world.quirks import ALL


async def asynchronous(turn: object) -> str:
    raise NotImplementedError


class Awaiting:
    """A brain whose method should not be asynchronous."""

    async def decide(self, call: object) -> object:
        raise NotImplementedError


A_DURATION = "expected a number of seconds or a text such as `500ms`, `1.5s`, `2m`, from "
BAD: list[tuple[str, object, str]] = [
    ("tenancy", "keys", "expected `none` or `key`, received 'keys'; did you mean `key`?"),
    ("profile", 3, "expected `cloud` or `open`, received 3"),
    ("pace", 20, "expected a Pace, or a text such as `ttft=500ms, tokens_per_second=20, "),
    ("pace", "tfft=1", "tfft: unknown key; did you mean `ttft`?"),
    ("ttft", "soon", f"{A_DURATION}0 to 86400, received 'soon'"),
    ("keepalive", "fast", f"{A_DURATION}0.0001 to 86400, received 'fast'"),
    ("keepalive", 0, f"{A_DURATION}0.0001 to 86400, received 0"),
    ("tokens_per_second", "20", "expected a number from 0.0001, received '20'"),
    ("jitter", 2, "expected a number from 0 to 1, received 2"),
    ("chunk", 1.5, "expected a whole number from 1 to 10000, received 1.5"),
    ("quirks", "recordd", "unknown quirk 'recordd'; did you mean `recorded`?"),
    ("quirks", ["-nope"], "unknown quirk 'nope'; expected `agent-messages-oldest-first`, "),
    ("quirks", 3, "expected names: a list, or a text in which commas separate them, received 3"),
    ("quirks", [3], "expected names: a list, or a text in which commas separate them, received [3"),
    ("brain_without", ["ech"], "the default brain has no entry 'ech'; did you mean `echo`?"),
    ("ids_seed", "x", "expected a whole number, received 'x'"),
    ("ids_seed", True, "expected a whole number, received True"),
    ("deterministic", "yes", "expected True or False, received 'yes'"),
    ("max_body", 0, "expected a whole number from 1, received 0"),
    ("require_key", "", "expected `any`, or keys of printable ASCII characters, received ''"),
    ("require_key", 3, "expected `any`, or keys of printable ASCII characters, received 3"),
    ("require_key", ["s\u00e9cret"], "expected `any`, or keys of printable ASCII characters, "),
    ("admin_token", " x", "expected printable ASCII characters without spaces at the ends, recei"),
    ("port", "8283", "expected a whole number from 0 to 65535, received '8283'"),
    ("host", "", "expected a text that is not empty, received ''"),
    ("seed", 3, "expected the path of a file, or its content as a mapping, received 3"),
    ("script", "", "expected the path of a file, or its content as a mapping, received ''"),
    ("brain", "ftp://x", "expected a URL that begins with http:// or https://, a function from "),
    ("brain", 3, "expected a URL that begins with http:// or https://, a function from a turn "),
    (
        "brain",
        asynchronous,
        "expected a function without `async`; `mockletta.async_brain(function)` ",
    ),
    ("brain", Awaiting(), "expected a method `decide` without `async`; a brain that is awaited"),
    ("freeze", "tomorrow", "expected a time such as '2026-01-01T00:00:00Z', a datetime or 'now'"),
    ("webhooks", "http://x", "expected a host without scheme, port and path, received 'http://x'"),
    ("webhooks", "x:80", "expected a host without scheme, port and path, received 'x:80'"),
    ("allow_host", "a:1", "expected a host without scheme, port and path, received 'a:1'"),
    (
        "allow_origin",
        "a.example",
        "expected an origin such as `https://app.example.com`, or `null`",
    ),
    ("state", 3, "expected the path of a file, received 3"),
    (
        "models",
        "strikt",
        "expected handles such as `openai/gpt-4o`, or `strict`, received 'strikt'",
    ),
    ("sed", "x", "unknown setting; did you mean `seed`?"),
]


@pytest.mark.parametrize(("name", "value", "reason"), BAD)
def test_a_bad_setting_is_named_with_what_was_expected(
    name: str, value: object, reason: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings({name: value})
    assert str(refused.value).startswith(f"{name}: {reason}")


def test_what_is_not_given_is_the_default() -> None:
    assert read_settings({}) == read_settings(dict.fromkeys(BY_NAME)) == Settings()


def test_a_setting_can_require_another() -> None:
    with pytest.raises(BadSetting, match="state_sync: requires state"):
        read_settings({"state_sync": "always"})


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        (False, None),
        (True, ()),
        ("any", ()),
        ("sk-2, sk-1,", ("sk-2", "sk-1")),
        (["sk-1"], ("sk-1",)),
    ],
)
def test_keys_can_be_required(given: Any, keys: tuple[str, ...] | None) -> None:  # noqa: ANN401
    assert read_settings({"require_key": given}).require_key == keys


def test_quirks_are_added_to_those_of_a_profile() -> None:
    assert read_settings({"quirks": "recorded"}).quirks == frozenset(ALL)
    taken = read_settings({"profile": "open", "quirks": ["-no-cloud"]}).quirks
    assert {one.name for one in frozenset(ALL) - taken} == {"no-cloud"}


def test_parts_of_a_pace_take_precedence_over_the_whole() -> None:
    given = {"pace": "ttft=2, chunk=4", "ttft": "500ms", "tokens_per_second": 20}
    assert read_settings(given).pace == Pace(0.5, 20, chunk=4)


def test_a_clock_is_frozen_now_or_at_a_time() -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    frozen = [read_settings({"freeze": one}).frozen_at for one in (True, False, moment)]
    assert frozen == ["now", None, moment]


def test_a_path_is_a_source(tmp_path: Path) -> None:
    assert read_settings({"seed": tmp_path}).seed == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("port", "0", 0),
        ("chunk", " 4 ", 4),
        ("jitter", "0.5", 0.5),
        ("ttft", "500ms", 0.5),
        ("console", "true", False),
        ("webhooks", "Hooks.internal, ::1,", {"hooks.internal", "::1"}),
        ("allow_origin", "HTTPS://a.example:1, null", {"https://a.example:1", "null"}),
        ("deterministic", "off", False),
        ("quirks", "no-cloud, recorded", ("no-cloud", "recorded")),
    ],
)
def test_texts_are_parsed(name: str, text: str, value: object) -> None:
    assert BY_NAME[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("port", "x", "expected a whole number from 0 to 65535, received 'x'"),
        ("port", "65536", "expected a whole number from 0 to 65535, received '65536'"),
        ("jitter", "some", "expected a number from 0 to 1, received 'some'"),
        ("deterministic", "maybe", "expected `true` or `false`, received 'maybe'"),
    ],
)
def test_a_text_that_spells_no_value_is_refused(name: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BY_NAME[name].parse(text)


def test_python_knows_the_type_of_every_setting() -> None:
    assert [one.name for one in OF_PYTHON] == list(MockSettings.__annotations__)
    assert len(SETTINGS) == len(BY_NAME)


def test_values_that_are_right_are_kept() -> None:
    settings = read_settings({"admin_token": "secret", "pace": Pace(ttft=1), "host": "::1"})
    assert (settings.admin_token, settings.pace, settings.host) == ("secret", Pace(1), "::1")


def test_long_lists_of_choices_are_cut() -> None:
    assert one_of(map(str, range(50))).endswith("`39`, ...")


def test_an_option_takes_a_value_that_is_no_text_as_it_is() -> None:
    assert SettingType(BY_NAME["ttft"]).convert(1.5, None, None) == 1.5
