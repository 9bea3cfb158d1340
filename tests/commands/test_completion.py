"""What a shell is told that completes a command line."""

from click.shell_completion import BashComplete

from mockletta.cli import COMMANDS, main


def completed(*words: str, last: str) -> list[str]:
    completion = BashComplete(main, {}, "mockletta", "_MOCKLETTA_COMPLETE")
    return [one.value for one in completion.get_completions([*words], last)]


def test_commands_are_completed() -> None:
    assert completed(last="scr") == ["script"]


def test_an_unknown_command_is_no_error_while_it_is_typed() -> None:
    assert completed("srve", last="") == list(COMMANDS)


def test_values_of_options_are_completed() -> None:
    assert completed("serve", "--tenancy", last="k") == ["key"]
    assert completed("serve", "--seed", last="wor") == ["wor"]
    assert completed("serve", "--max-body", last="") == []
