"""No secret reaches the file, wherever in an exchange it is; what is masked is masked alike."""

import json
import socket
from pathlib import Path

import httpx
import pytest

from mockletta.http.secret_patterns import is_secret_name
from mockletta.recordings import scrubbing
from mockletta.recordings.recording import Content, Exchange
from mockletta.recordings.recording_writer import Origin, RecordingWriter
from mockletta.recordings.scrubbing import Scrubber, path_pattern, split_alike
from tests.recordings.sessions import read, recorded, replayed, upstream
from tests.recordings.upstreams import STREAM, chunk, head, serving


def secret(number: int) -> str:
    """A secret that only its place gives away."""
    return f"hush{number:03}-zebra"


HEADERS = ("authorization", "x-api-key", "cookie", "proxy-authorization", "x-bare-password")
FIELDS = (
    "api_key",
    "access_key",
    "apiKey",
    "access_token",
    "refresh_token",
    "client_secret",
    "private_key",
    "password",
    "auth_token",
    "authToken",
    "signing_key",
    "passphrase",
    "credentials",
    "session_token",
    "secret_key",
    "access_key_enc",
    "webhook_secret",
    "db_password",
    "x_authorization",
    "token",
    "api_key_enc",
)
FORMS = (
    "sk-proj-abcdefghij0123456789",
    "sk-ant-api03-abcdefghij0123456789",
    "at-let-0123456789abcdef",
    "AKIA0123456789ABCDEF",
    "AIzaSyA0123456789abcdefghij",
    "ghp_0123456789abcdefghijABCD",
    "github_pat_0123456789abcdefghij",
    "glpat-0123456789abcdefghij",
    "npm_0123456789abcdefghijABCD",
    "hf_0123456789abcdefghijABCD",
    "xoxb-0123456789-abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
)


def planted() -> tuple[list[str], bytes, dict[str, str], bytes]:
    """Fifty secrets and more: all of them, a request's body and headers, and a stream."""
    numbers = iter(range(1000))
    found: list[str] = []

    def plant() -> str:
        found.append(secret(next(numbers)))
        return found[-1]

    body = {
        **{name: plant() for name in FIELDS},
        "secrets": {"A": plant(), "B": plant()},
        "tool_exec_environment_variables": {"C": plant()},
        "config": {"env": {"D": plant()}, "custom_headers": {"E": plant()}},
        "listed": {"secrets": [{"key": "F", "value": plant(), "value_enc": plant()}]},
        "text": " and ".join([*FORMS, f"https://user:{plant()}@host/", f"Bearer {plant()}"]),
        "nested": json.dumps({"password": plant()}),
    }
    headers = {name: f"k={plant()}" if name == "cookie" else plant() for name in HEADERS}
    frames = [{"delta": text} for text in (*FORMS, *found)] + [{"secret": plant()}]
    stream = b"".join(b"data: %b\n\n" % json.dumps(one).encode() for one in frames)
    return [*found, *FORMS], json.dumps(body).encode(), headers, stream


def test_no_planted_secret_is_in_the_file(tmp_path: Path) -> None:
    secrets, body, headers, stream = planted()
    assert len(secrets) >= 50
    late, shown = "late-secret-00001", '{"detail": "late-secret-00001"}'

    def answer(connection: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET"):
            set_cookie = f"set-cookie: session={secrets[0]}; Path=/"
            connection.sendall(head(set_cookie, f"content-length: {len(shown)}") + shown.encode())
        else:
            third = len(stream) // 3
            parts = stream[:third], stream[third : 2 * third], stream[2 * third :]
            connection.sendall(STREAM + b"".join(map(chunk, parts)) + chunk(b""))

    file = tmp_path / "a.jsonl"
    form = {"secrets": secrets[1], "name": "x"}
    with serving(answer) as url, recorded(url, file) as session:
        httpx.get(f"{session.base_url}/?api_key={secrets[2]}&a=1", headers=headers)
        httpx.post(session.base_url, content=body, headers=headers)
        httpx.post(session.base_url, content=body.replace(b": ", b":  "))
        httpx.post(session.base_url, data=form, files={"file": ("a", f"key {late}")})
        httpx.post(session.base_url, data=form)
        httpx.post(session.base_url, json={"api_key": late})
    text = file.read_text()
    assert [one for one in [*secrets, late] if one in text or json.dumps(one)[1:-1] in text] == []
    assert min(len(one.pieces) for one in read(file).exchanges[1:]) > 1


def test_the_models_of_an_operation_tell_its_secrets(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with upstream() as server, recorded(server.base_url, file) as session:
        url = f"{session.base_url}/v1/mcp-servers/"
        config = {"mcp_server_type": "sse", "server_url": "http://host.example/sse"}
        hidden = {"custom_headers": {"X-Whatever": "a model's secret"}, "auth_token": "Bearer abc"}
        httpx.post(url, json={"server_name": "s", "config": {**config, **hidden}})
    assert read(file).exchanges[0].operation == "mcp_servers.create"
    assert "model's secret" not in file.read_text()


def test_equal_secrets_have_equal_stand_ins_and_others_stay() -> None:
    scrubbed = scrub(
        Scrubber(), {"api_key": "secret-aaaa", "note": "secret-aaaa!", "max_tokens": 5}
    )
    assert scrubbed == {"api_key": "<redacted 1>", "note": "<redacted 1>!", "max_tokens": 5}


def test_a_stand_in_stays_what_it_is() -> None:
    assert scrub(Scrubber(), {"api_key": "<redacted 7>", "token": "another-one"}) == {
        "api_key": "<redacted 7>",
        "token": "<redacted 8>",
    }


def test_patterns_and_paths_add_secrets() -> None:
    scrubber = Scrubber([r"ssn (\d+)"], ["$.user.pin", "$..zip"])
    body = {"text": "ssn 123", "user": {"pin": "9", "zip": ["1"]}, "pin": "9"}
    assert scrub(scrubber, body) == {
        "text": "ssn <redacted 1>",
        "user": {"pin": "<redacted 2>", "zip": ["<redacted 3>"]},
        "pin": "9",
    }


def test_masks_are_the_same_everywhere() -> None:
    scrubber = Scrubber(masks=["Ann|Bob"])
    assert scrub(scrubber, {"a": "Ann and Bob", "b": "Ann"}) == {
        "a": "<masked 1> and <masked 2>",
        "b": "<masked 1>",
    }


def test_a_masked_recording_replays_for_anybody(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    with upstream() as server, recorded(server.base_url, file, mask=["Ann|Bob"]) as session:
        httpx.post(f"{session.base_url}/v1/blocks/", json={"label": "a", "value": "I am Ann."})
    assert "Ann" not in file.read_text()
    with replayed(file) as session:
        body = {"label": "a", "value": "I am Cleo."}
        made = httpx.post(f"{session.base_url}/v1/blocks/", json=body)
    assert made.json()["value"] == "I am Cleo."


def test_a_function_masks_texts(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"

    def mask(text: str) -> str:
        return text.replace("Ann", "N.")

    with upstream() as server, recorded(server.base_url, file, mask=mask) as session:
        httpx.post(f"{session.base_url}/v1/blocks/", json={"label": "a", "value": "I am Ann."})
    assert "Ann" not in file.read_text()
    with replayed(file, mask=mask) as session:
        body = {"label": "a", "value": "I am Ann."}
        made = httpx.post(f"{session.base_url}/v1/blocks/", json=body)
    assert made.json()["value"] == "I am N.."


@pytest.mark.parametrize("name", ["next_token", "max_tokens", "token_count", "label", "monkey"])
def test_other_names_are_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize("path", ["$..ssn", "$.a.*.ssn", "$.a[*].ssn"])
def test_json_paths(path: str) -> None:
    assert path_pattern(path).fullmatch("$.a[0].ssn" if "[" in path else "$.a.b.ssn")
    assert not path_pattern(path).fullmatch("$.a.b.ssn2")


def test_a_changed_stream_is_split_where_it_was() -> None:
    pieces = [(0.1, b"ab"), (0.2, b"cd"), (0.3, b"ef")]
    assert split_alike(pieces, [(b"abcdef", b"abcdef")]) == pieces
    assert split_alike(pieces, [(b"abc", b"aXXXc"), (b"def", b"def")]) == [
        (0.1, b"aXXX"),
        (0.2, b"cd"),
        (0.3, b"ef"),
    ]
    assert split_alike([(0.1, b"abc"), (0.2, b"d")], [(b"ab", b"x")]) == [(0.1, b"x"), (0.2, b"")]


def test_a_full_file_leaves_bodies_out(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    writer = RecordingWriter(file, Origin("http://x", "2026-01-01"), Scrubber(), most_bytes=300)
    for number in (1, 2):
        content = Content(b"x" * 50, 50)
        pieces = [(0.1, b"y" * 60)]
        writer.add(Exchange(number, 0, "", "POST", "/", "", [], content, 200, [], pieces, 60))
    writer.close()
    writer.add(read(file).exchanges[0])
    first, second = read(file).exchanges
    assert (first.is_cut, second.is_cut, second.body, second.whole_size) == (False, True, b"", 60)
    assert second.content.is_cut


def test_many_different_headers_are_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrubbing, "MOST_HEADERS", 100)
    scrubber = Scrubber()
    for _ in range(2):
        headers = [("x-api-key", f"secret-{number:05}") for number in range(101)]
        exchange = Exchange(1, 0, "", "GET", "/", "", headers, Content())
        scrubbed = scrubber.exchange(exchange)
    assert scrubbed.headers[-1] == ("x-api-key", "<redacted 101>")


def scrub(scrubber: Scrubber, body: object) -> object:
    """What is left of a body."""
    data = json.dumps(body).encode()
    exchange = Exchange(1, 0, "", "POST", "/", "", [], Content(data, len(data)))
    return json.loads(scrubber.exchange(exchange).content.data)
