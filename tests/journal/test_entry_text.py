"""Entries for people."""

from mockletta.http.sse import Chunk
from mockletta.journal.entries import Dependence
from mockletta.journal.entry_text import many_lines, one_line
from mockletta.state.event_log import Event
from tests.journal.making import an_entry, frame


def test_an_entry_is_shown_on_one_line() -> None:
    assert one_line(an_entry(seconds=1.5).to_dict()) == (
        "#0 12:00:01.500 agents.create POST /v1/agents/ 200 10.0 ms"
    )


def test_what_was_odd_is_on_the_line() -> None:
    entry = an_entry(None, path="/a\x1b[2J", status=None, fault="reset", left_early=True)
    entry.add_rule("weather")
    entry.add_rule("memory")
    entry.unscripted = "none"

    assert one_line(entry.to_dict()) == (
        "#0 12:00:00.000 no operation POST /a\\x1b[2J no answer 10.0 ms rule: weather, memory "
        "unscripted fault: reset the client left early"
    )


def test_an_error_names_the_quirks_that_it_depends_on() -> None:
    entry = an_entry(status=404)
    entry.quirks = (Dependence("no-cloud", "It differs.", in_passing=True),)

    assert one_line(entry.to_dict()).endswith("404 10.0 ms depends on: no-cloud")


def test_an_entry_that_is_not_over_says_so() -> None:
    line = one_line(an_entry(duration=None, left_early=True).to_dict())

    assert line.endswith("200 not complete yet")


def test_colours_are_there_when_asked_for() -> None:
    lines = [
        one_line(an_entry(status=status, fault="f").to_dict(), colour=True)
        for status in (200, 404, 500, None)
    ]

    assert lines[0] == (
        "\x1b[2m#0\x1b[0m \x1b[2m12:00:00.000\x1b[0m \x1b[36magents.create\x1b[0m POST /v1/agents/ "
        "\x1b[32m200\x1b[0m 10.0 ms \x1b[33mfault: f\x1b[0m"
    )
    assert "\x1b[33m404" in lines[1]
    assert "\x1b[31m500" in lines[2]
    assert "\x1b[31mno answer" in lines[3]


def test_an_entry_is_shown_whole() -> None:
    entry = an_entry(
        query="limit=1",
        key="sk-1234567890",
        headers={"x-stainless-package-version": "1.12.1", "x-stainless-retry-count": "2"},
        body={"name": "grün"},
        answer={"id": "agent-1"},
    )
    entry.unscripted = "no rule\nmatched"

    assert many_lines(entry.to_dict()).splitlines() == [
        "#0 12:00:00.000 agents.create POST /v1/agents/ 200 10.0 ms unscripted",
        "  key: sk-1…",
        "  SDK: 1.12.1, retry 2",
        '  query: {"limit": "1"}',
        "  body:",
        "    {",
        '      "name": "grün"',
        "    }",
        "  unscripted:",
        "    no rule",
        "    matched",
        "  response:",
        "    {",
        '      "id": "agent-1"',
        "    }",
    ]


def test_a_stream_is_shown_with_its_times() -> None:
    entry = an_entry(
        frames=[
            frame(a="ü\x1b"),
            Chunk(b"", [Event("error_message", b"x")], begun=Event("raw", b"{")),
        ]
    )

    assert many_lines(entry.to_dict()).splitlines()[1:] == [
        "  events:",
        '    +1.0 ms {"a": "ü\\u001b"}',
        "    +2.0 ms error x",
        "    +2.0 ms { (broken off)",
    ]


def test_long_bodies_are_shown_cut() -> None:
    shown = many_lines(an_entry(body=list(range(50)), answer="x" * 5_000).to_dict()).splitlines()

    assert shown[-1] == "  cut: response"
    assert "    … 12 more lines" in shown


def test_an_entry_with_nothing_to_tell_is_one_line() -> None:
    entry = an_entry(headers={"x-stainless-package-version": "1.12.1"})

    assert many_lines(entry.to_dict()).splitlines()[1:] == ["  SDK: 1.12.1"]
