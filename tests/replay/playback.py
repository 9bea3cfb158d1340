"""A server that answers a transcript's requests with the recording itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from mockletta.http.sse import DONE_TEXT as DONE
from mockletta.recordings.drift.scenario import EventFrame, ScenarioAnswer, ScenarioExchange
from mockletta.recordings.drift.transcripts import ScenarioTranscript

from .timing import timeline


@contextmanager
def played_back(transcript: ScenarioTranscript) -> Iterator[str]:
    """Serve the recorded answers in the order of the requests; yields the base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(transcript))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(transcript: ScenarioTranscript) -> type[BaseHTTPRequestHandler]:
    waiting = [one for one in transcript.exchanges if one.index in _sent(transcript)]
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            with turn:
                exchange = _next(waiting, self.command, urlsplit(self.path).path, body)
                waiting.remove(exchange)
            self.close_connection = True
            if exchange.recorded is not None:
                self.answer(exchange.recorded)

        def answer(self, recorded: ScenarioAnswer) -> None:
            body = _body(recorded)
            self.send_response_only(recorded.status)
            for name, value in recorded.headers.items():
                if name not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _next(waiting: list[ScenarioExchange], method: str, path: str, body: bytes) -> ScenarioExchange:
    """The first that fits: requests under way at the same time can arrive in any order."""
    asked = (method, unquote(path))
    fitting = [one for one in waiting if (one.request.method, one.request.path) == asked]
    same = [one for one in fitting if _sends(one, body)]
    return (same or fitting or waiting)[0]


def _sends(exchange: ScenarioExchange, body: bytes) -> bool:
    try:
        return bool(json.loads(body) == exchange.request.content)
    except ValueError:
        return False


def _sent(transcript: ScenarioTranscript) -> set[int]:
    """The exchanges that are sent: unrecorded ones are where others were made beside them."""
    moments = timeline(transcript)
    return {
        one.index
        for one in transcript.exchanges
        if one.recorded is not None or not moments[one.index].is_awaited(one.index + 1)
    }


def _body(recorded: ScenarioAnswer) -> bytes:
    if recorded.frames is not None:
        return "".join(_block(one) for one in recorded.frames).encode()
    if recorded.text is not None:
        return recorded.text.encode()
    if recorded.body is None:
        return b""
    return json.dumps(recorded.body).encode()


def _block(frame: EventFrame) -> str:
    event = f"event: {frame.event}\n" if frame.event else ""
    data = DONE if frame.data == DONE else json.dumps(frame.data)
    return f"{event}data: {data}\n\n"
