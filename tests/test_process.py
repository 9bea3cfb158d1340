"""The process: how it starts, what it says, and how it ends."""

import os
import re
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from click.testing import CliRunner
from letta_client import Letta

import mockletta
from mockletta.cli import main
from mockletta.commands.options import settings_of
from mockletta.commands.serve import ProcessOptions, serve
from mockletta.settings.settings import Settings
from mockletta.world.pace import Pace
from mockletta.world.quirks import ALL
from tests.commands.running import serve as invoke

Process = subprocess.Popen[str]
PROGRAM = Path(mockletta.__file__).parent / "__main__.py"
Start = Callable[..., Process]
SLOW = ("--ttft", "0.01", "--tokens-per-second", "0.01")
SEED = """
version: 1
agents:
  - id: agent-11111111-1111-4111-8111-111111111111
    name: Seeded
    model: openai/gpt-4o-mini
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `mockletta serve` on a free port; environment variables by keyword."""
    processes: list[Process] = []

    def run(*arguments: str, **environment: str) -> Process:
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "mockletta", "serve", *arguments],
                env={**os.environ, "MOCKLETTA_PORT": "0", **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def first_line(process: Process) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def url_in(line: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", line)
    assert found is not None
    return found[0]


def interrupt_once_served(port: int, over: Event) -> None:
    """Wait for a server on a port, then press Ctrl-C; not if it is over before."""
    while not over.is_set():
        with suppress(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/v1/health/")
            os.kill(os.getpid(), signal.SIGINT)
            return


def test_the_first_line_says_where_and_how_to_use_it(start: Start) -> None:
    line = first_line(start())
    url = url_in(line)

    assert line == f'mockletta at {url} - Letta(base_url="{url}", api_key="any") - Ctrl-C to stop\n'
    with Letta(base_url=url, api_key="any") as client:
        assert client.health().status == "ok"


@pytest.mark.parametrize(("level", "lines"), [("info", 0), ("debug", 2)])
def test_that_a_process_starts_and_ends_is_told_to_those_who_debug(
    level: str, lines: int, start: Start
) -> None:
    process = start("--log-level", level)
    httpx.get(f"{url_in(first_line(process))}/v1/health/")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()

    assert errors.count(" server process ") == lines


def test_environment_variables_say_what_flags_say(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "world.yaml"
    seed.write_text(SEED)
    process = start(MOCKLETTA_SEED=str(seed), MOCKLETTA_MAX_BODY="100", MOCKLETTA_QUIRKS="recorded")

    with httpx.Client(base_url=url_in(first_line(process))) as http:
        names = [agent["name"] for agent in http.get("/v1/agents/").json()]
        refused = http.post("/v1/blocks/", json={"label": "x" * 100})

    assert (names, refused.status_code) == (["Seeded"], 413)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_process_at_once_also_with_a_stream_open(
    start: Start, number: signal.Signals
) -> None:
    process = start(*SLOW)
    with httpx.Client(base_url=url_in(first_line(process))) as http:
        agent = http.post("/v1/agents/", json={"model": "openai/gpt-4o-mini"}).json()
        path = f"/v1/agents/{agent['id']}/messages/stream"
        with http.stream("POST", path, json={"input": "Hello!"}) as stream:
            next(stream.iter_lines())
            process.send_signal(number)
            _, errors = process.communicate(timeout=30)

    assert process.returncode in (0, -number, 128 + number)
    assert "Traceback" not in errors
    assert "ERROR" not in errors


def test_a_server_in_this_process_is_ended_by_control_c() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    over = Event()
    Thread(target=interrupt_once_served, args=[port, over]).start()

    result = invoke("--port", str(port), "--log-level", "warning")

    over.set()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"mockletta at http://127.0.0.1:{port} - ")


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("--port", str(port))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Is another server running there? Port 0 takes any free port\n"
    )


def test_a_host_that_is_not_ours_is_told() -> None:
    result = invoke("--host", "203.0.113.1")

    assert result.exit_code == 1
    assert result.output.startswith("Error: cannot listen on 203.0.113.1:0: Cannot assign")


def test_a_host_that_is_none_is_told() -> None:
    result = invoke("--host", "no such host")

    assert result.exit_code == 1
    assert result.output.startswith("Error: cannot listen on no such host:0: ")


def test_an_unknown_quirk_is_told_with_those_there_are() -> None:
    result = invoke("--quirks", "recorded,nope")

    assert result.exit_code != 0
    assert "--quirks: unknown quirk 'nope'" in result.output
    assert [quirk.name for quirk in ALL if quirk.name not in result.output] == []


def test_a_bad_seed_file_is_told_with_place_and_reason(tmp_path: Path) -> None:
    seed = tmp_path / "world.yaml"
    seed.write_text("version: 1\nagents:\n  - nmae: Alice\n    model: openai/gpt-4o-mini\n")

    result = invoke("--seed", str(seed))

    reason = "unknown key `nmae`; did you mean `name`?"
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {seed}: line 3, column 5, agents.0.nmae: {reason}\n",
    )


def test_a_seed_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    seed = tmp_path / "none.yaml"

    result = invoke("--seed", str(seed))

    assert (result.exit_code, result.output) == (1, f"Error: {seed}: No such file or directory\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--port", "65536"], "--port: expected a whole number from 0 to 65535, received '65536'"),
        (["--port", "x"], "--port: expected a whole number from 0 to 65535, received 'x'"),
        (["--log-level", "loud"], "--log-level: expected `debug`, `info`, `warning` or `error`, "),
        (["--tokens-per-second", "0"], "--tokens-per-second: expected a number from 0.0001, rec"),
        (["--ttft", "-1"], "--ttft: expected a number of seconds or a text such as `500ms`"),
        (["--ttft", "nan"], "--ttft: expected a number of seconds or a text such as `500ms`"),
        (["--jitter", "1.1"], "--jitter: expected a number from 0 to 1, received '1.1'"),
        (["--ids-seed", "x"], "--ids-seed: expected a whole number, received 'x'"),
        (["--max-body", "0"], "--max-body: expected a whole number from 1, received '0'"),
        (["--tenancy", "all"], "--tenancy: expected `none` or `key`, received 'all'"),
        (["--quirks", "recordd"], "--quirks: unknown quirk 'recordd'; did you mean `recorded`?"),
        (["--freeze", "tomorrow"], "--freeze: expected a time such as '2026-01-01T00:00:00Z', a"),
        (["--brain", "http://x:y"], "--brain: "),
        (["--nope"], "No such option"),
    ],
)
def test_a_bad_option_is_named_with_what_was_expected(arguments: list[str], reason: str) -> None:
    result = invoke(*arguments)

    assert result.exit_code == 2
    assert reason in result.output


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("MOCKLETTA_MAX_BODY", "x", "expected a whole number from 1, received 'x'"),
        ("MOCKLETTA_NO_CONSOLE", "maybe", "expected `true` or `false`, received 'maybe'"),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(variable, value)

    result = invoke()

    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        f"Error: {variable}: {reason}",
    )


def test_kubernetes_may_set_the_port_to_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKLETTA_PORT", "tcp://10.0.0.1:8283")

    result = CliRunner().invoke(main, ["serve"])

    assert "received 'tcp://10.0.0.1:8283'; Kubernetes sets it for a service" in result.output


def test_a_misspelled_variable_is_named_with_the_nearest_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MOCKLETTA_SCRIPTS", "x")
    monkeypatch.setenv("MOCKLETTA_XYZ", "x")
    monkeypatch.setenv("MOCKLETTA_PORT_8283_TCP", "of Kubernetes")

    invoke("--exec", "true")

    assert [one.getMessage() for one in caplog.records if "MOCKLETTA_" in one.getMessage()] == [
        "unknown environment variable MOCKLETTA_SCRIPTS; did you mean MOCKLETTA_SCRIPT?",
        "unknown environment variable MOCKLETTA_XYZ; `mockletta serve --help` lists the variables",
    ]


def told(*arguments: str) -> Settings:
    """The settings that `serve` makes of its options."""
    context = serve.make_context("serve", [*arguments])
    options = dict(context.params)
    ProcessOptions.taken_from(options)
    return settings_of(options, context)


def test_options_say_how_fast_replies_stream() -> None:
    pace = ["--ttft", "2", "--tokens-per-second", "4", "--jitter", "0.5", "--chunk", "3"]

    assert told(*pace).pace == Pace(2, 4, 0.5, 3)
    assert told().pace == Pace()


def test_an_option_keeps_agents_from_calling_tools() -> None:
    assert told("--no-tool-calls") == Settings(tool_calls=False)
    assert told("--brain-without", "recall, echo") == Settings(brain_without=("recall", "echo"))


def test_options_say_what_time_it_is_and_which_ids_there_are() -> None:
    assert told() == Settings()
    assert told("--freeze", "--ids-seed", "7") == Settings(frozen_at="now", ids_seed=7)
    assert told("--freeze", "2030-01-01").frozen_at == "2030-01-01"
    assert told("--deterministic") == Settings().deterministic()


def test_a_world_is_kept_over_restarts(start: Start, tmp_path: Path) -> None:
    state = str(tmp_path / "letta.state")
    first = start("--state", state)
    with httpx.Client(base_url=url_in(first_line(first))) as http:
        http.post("/v1/agents/", json={"name": "Ada", "model": "openai/gpt-4o-mini"})
    first.kill()
    first.wait()

    with httpx.Client(base_url=url_in(first_line(start("--state", state)))) as http:
        names = [agent["name"] for agent in http.get("/v1/agents/").json()]

    assert names == ["Ada"]


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(main, ["--version"])

    assert result.output == f"mockletta, version {mockletta.__version__}\n"


def test_the_package_can_be_run_and_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mockletta", "--help"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(PROGRAM), run_name="__main__")

    assert ended.value.code == 0
    assert "serve  " in capsys.readouterr().out


def test_every_flag_has_its_environment_variable() -> None:
    for option in serve.params:
        flag = option.opts[0].removeprefix("--").replace("-", "_")
        assert option.envvar == f"MOCKLETTA_{flag.upper()}"


def test_importing_the_package_imports_no_server() -> None:
    code = "import mockletta, sys; print([m for m in ('uvicorn', 'pydantic') if m in sys.modules])"

    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output == "[]\n"


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="module 'mockletta' has no attribute 'nope'"):
        _ = mockletta.nope
