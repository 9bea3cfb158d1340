"""`mockletta serve`: beside a command, with a script, with a state file."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit, setrlimit
from signal import SIGTERM

import httpx
import pytest

from mockletta.commands.options import OF_PROCESS, OF_SERVER
from mockletta.commands.serve import MANY_FILES, allow_many_files, serving
from mockletta.hosting.listening import listen
from mockletta.settings.settings import DEFAULT_PORT, Settings
from mockletta.testing.mock_letta import make_server, make_worlds
from tests.commands.running import run
from tests.commands.running import serve as invoke


def test_a_command_beside_a_server_that_requires_a_key_is_given_it() -> None:
    line = (
        'curl --silent --fail -H "authorization: Bearer $LETTA_API_KEY" $LETTA_BASE_URL/v1/agents/'
    )

    result = invoke("--require-key", "sk-1,sk-2", "--exec", f"{line} >&2")

    assert result.exit_code == 0
    assert 'api_key="one that is required"' in result.stderr
    assert "sk-1" not in result.stderr


def test_a_server_beside_something_that_fails_is_closed() -> None:
    server, listener = make_server(make_worlds(Settings())), listen("127.0.0.1", 0)
    client = socket.create_connection(listener.getsockname(), timeout=60)

    with pytest.raises(KeyboardInterrupt), serving(server, listener):  # noqa: PT012
        client.sendall(b"GET /v1/health/ HTTP/1.1\r\nhost: x\r\n\r\n")
        assert client.recv(9) == b"HTTP/1.1 "
        raise KeyboardInterrupt

    with client:
        while client.recv(1000):
            pass
    assert not server.server_state.connections


def test_a_command_runs_beside_the_server_and_its_exit_code_is_ours(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import letta_client, os\n"
        "client = letta_client.Letta(base_url=os.environ['LETTA_BASE_URL'])\n"
        "assert client.health().status == 'ok'\n"
        "assert client.api_key == 'mockletta'\n"
        "raise SystemExit(3)\n"
    )

    result = invoke("--log-level", "error", "--exec", f"{sys.executable} {program}")

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("mockletta at http://127.0.0.1:")


def test_beside_a_command_the_port_is_any_free_one_unless_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = invoke("--port", str(taken.getsockname()[1]), "--exec", "true")
    untold = invoke("--exec", "true")

    assert "Address already in use" in told.stderr
    assert f":{DEFAULT_PORT} " not in untold.stderr


def test_a_state_file_that_is_none_is_told(tmp_path: Path) -> None:
    state = tmp_path / "letta.state"
    state.write_text("nothing of ours\n")

    result = invoke("--state", str(state))

    assert (result.exit_code, result.output.startswith(f"Error: {state}: line 1: ")) == (1, True)
    assert state.read_text() == "nothing of ours\n"


def test_a_state_file_is_let_go_at_the_end(tmp_path: Path) -> None:
    state = tmp_path / "letta.state"

    for _ in range(2):
        assert invoke("--state", str(state), "--exec", "true").exit_code == 0

    assert state.stat().st_size > 0


def test_the_worlds_of_keys_are_kept_beside_the_file(tmp_path: Path) -> None:
    state = tmp_path / "letta.state"
    create = "curl -sfX POST -H 'Authorization: Bearer one' $LETTA_BASE_URL/v1/blocks/ -d '{}'"
    command = create.replace("{}", '{"label": "human", "value": "Ada"}')
    line = f"{command} -H 'Content-Type: application/json'"
    result = invoke("--state", str(state), "--tenancy", "key", "--exec", line)

    assert result.exit_code == 0
    assert len(list((tmp_path / "letta.state.keys").iterdir())) == 1


def test_syncing_requires_a_state_file() -> None:
    assert "Error: --state-sync: requires --state\n" in invoke("--state-sync", "always").output


def test_there_must_be_a_script_to_be_reloaded() -> None:
    assert "--reload requires --script" in invoke("--reload").output


def test_a_script_is_served_and_loaded_again_when_it_changes(tmp_path: Path) -> None:
    script, program = tmp_path / "replies.yaml", tmp_path / "program.py"
    script.write_text("replies: [{when: hello, reply: [{say: Hi!}]}]\n")
    program.write_text(
        "import os, pathlib, letta_client\n"
        "client = letta_client.Letta(base_url=os.environ['LETTA_BASE_URL'])\n"
        "agent = client.agents.create(model='openai/gpt-4o-mini')\n"
        "def said():\n"
        "    reply = client.agents.messages.create(agent.id, input='hello')\n"
        "    return reply.messages[-1].content\n"
        "assert said() == 'Hi!'\n"
        f"pathlib.Path({str(script)!r}).write_text("
        "'replies: [{when: hello, reply: [{say: Good day!}]}]\\n')\n"
        "while said() != 'Good day!':\n"
        "    pass\n"
    )

    result = invoke(
        *("--log-level", "error", "--script", str(script), "--reload"),
        *("--exec", f"{sys.executable} {program}"),
    )

    assert (result.exit_code, result.stdout) == (0, "")


def test_a_bad_script_is_told_by_line(tmp_path: Path) -> None:
    script = tmp_path / "replies.yaml"
    script.write_text("replies: [{when: hello, reply: [{sya: Hi!}]}]\n")

    result = invoke("--script", str(script))

    assert (result.exit_code, result.output.startswith(f"Error: {script}:1:")) == (1, True)


def test_a_command_to_run_beside_is_told_where_it_belongs() -> None:
    result = invoke("--", "npm", "test")

    told = "unexpected arguments (npm test); to run a command beside the server: --exec 'npm test'"
    assert (result.exit_code, result.output.splitlines()[-1]) == (2, f"Error: {told}")


@pytest.mark.parametrize(
    ("name", "told"),
    [("srve", "'srve'; did you mean `serve`?"), ("xyz", "'xyz'; expected `")],
)
def test_an_unknown_command_is_told(name: str, told: str) -> None:
    result = run(name)

    assert (result.exit_code, f"No such command {told}" in result.output) == (2, True)


@pytest.fixture(autouse=True)
def limits() -> Iterator[tuple[int, int]]:
    """How many files this process may open, now and at most; put back afterwards."""
    before = getrlimit(RLIMIT_NOFILE)
    yield before
    setrlimit(RLIMIT_NOFILE, before)


def test_a_low_limit_is_raised(limits: tuple[int, int]) -> None:
    _, hard = limits
    setrlimit(RLIMIT_NOFILE, (1_000, hard))
    allow_many_files()
    assert getrlimit(RLIMIT_NOFILE)[0] in (hard, MANY_FILES)


def test_a_high_one_stays(limits: tuple[int, int]) -> None:
    allow_many_files()
    before = getrlimit(RLIMIT_NOFILE)
    allow_many_files()
    assert getrlimit(RLIMIT_NOFILE) == before


def test_a_server_stops_when_its_standard_input_ends() -> None:
    options = ["--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(
        [sys.executable, "-m", "mockletta", "serve", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stdout.readline().startswith("mockletta at http://")
        server.stdin.write("This is not read.\n")
        server.stdin.close()
        assert server.wait(timeout=60) == 0


def test_open_streams_can_end_when_a_server_stops() -> None:
    options = ["--port", "0", "--drain", "30s", "--tokens-per-second", "100"]
    with subprocess.Popen(
        [sys.executable, "-m", "mockletta", "serve", *options], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[2]
        with httpx.Client(base_url=url, timeout=30) as client:
            agent = client.post("/v1/agents/", json={"model": "openai/gpt-4o-mini"}).json()["id"]
            messages = [{"role": "user", "content": "Count from 1 to 60."}]
            body = {"messages": messages, "stream_tokens": True}
            path = f"/v1/agents/{agent}/messages/stream"
            with client.stream("POST", path, json=body) as stream:
                lines = stream.iter_lines()
                assert next(lines)
                server.terminate()
                assert [line for line in lines if line][-1] == "data: [DONE]"
        assert server.wait(timeout=60) == -SIGTERM
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_the_command_beside_a_server_reads_the_standard_input_itself() -> None:
    result = invoke("--until-stdin-closes", "--exec", "true")

    assert result.exit_code == 2
    assert "--until-stdin-closes cannot be combined with --exec" in result.output


def test_the_help_shows_the_variable_of_each_option() -> None:
    told = " ".join(run("serve", "--help").output.split())

    for one in (*OF_SERVER, *OF_PROCESS):
        assert f"[env var: {one.variable}]" in told, one.name
