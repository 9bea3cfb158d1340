"""What the recorder listened with for callbacks: its address is another one in each replay."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mockletta.documents.json_types import Json
from mockletta.recordings.drift.scenario import ScenarioExchange
from mockletta.recordings.drift.transcripts import ScenarioTranscript
from mockletta.recordings.drift.value_comparison import AnswerDifference, ValueComparison
from mockletta.recordings.drift.varying_values import IdBinding


class CallbackListener:
    """The callbacks that came, each with its method, path and body.

    `/status404` answers so, `/slow` never answers, anything else is a 200. `recorded` is the
    address of the recorder's listener.
    """

    def __init__(self, recorded: str, address: str) -> None:
        self.recorded = recorded
        self.address = address
        self.received: list[Json] = []

    def differences(self, exchange: ScenarioExchange, binding: IdBinding) -> list[AnswerDifference]:
        """Compare what came about a run with what was recorded with the exchange that reads it."""
        if exchange.callbacks is None:
            return []
        recorded = [
            {"method": one["method"], "path": one["path"], "body": one["body"]}
            for one in exchange.callbacks
        ]
        run_id = binding.ours(exchange.request.path.rpartition("/")[2])
        ours = [one for one in self.received if one["body"]["run_id"] == run_id]
        comparison = ValueComparison(binding)
        comparison.compare(recorded, ours, "callbacks")
        return comparison.differences


@contextmanager
def listening(transcript: ScenarioTranscript) -> Iterator[CallbackListener | None]:
    """Listen as the recorder did, if it did."""
    heard = [one for exchange in transcript.exchanges for one in exchange.callbacks or ()]
    if not heard:
        yield None
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    listener = CallbackListener(heard[0]["headers"]["host"], f"127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(listener: CallbackListener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            listener.received.append({"method": "POST", "path": self.path, "body": body})
            if self.path == "/slow":
                self.rfile.read(1)  # until the other side gives up
                return
            status = re.match(r"/status(\d+)", self.path)
            self.send_response_only(int(status[1]) if status else 200)
            self.send_header("content-length", "0")
            self.end_headers()

    return Handler
