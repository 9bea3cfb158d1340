"""Requests that are played again, each in a thread of its own."""

import threading

import httpx

from mockletta.recordings.drift.player import RunningRequest


def test_an_answer_that_takes_too_long_says_so() -> None:
    goes_on = threading.Event()

    def answer(_: httpx.Request) -> httpx.Response:
        goes_on.wait()
        return httpx.Response(200, text="late")

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        running = RunningRequest(client, client.build_request("GET", "http://x"), None)
        first = running.result(lambda _: None, 0)
        goes_on.set()
        second = running.result(lambda _: None, 60)

    assert (first.failure, second.failure, second.text) == ("not over after 0 s", None, "late")
