"""How a server stops while its clients still read."""

import threading

import httpx

from mockletta.testing.mock_letta import MockLetta

MODEL = {"model": "openai/gpt-4o-mini"}
WORDS = {"messages": [{"role": "user", "content": "go"}], "stream_tokens": True}


def test_a_server_that_drains_completes_the_answers_under_way() -> None:
    mock = MockLetta().start()
    assert mock._server is not None
    mock._server.drain = 30
    mock.when("go").say("one two three four", tokens_per_second=20)
    with httpx.Client(base_url=mock.base_url) as http:
        agent = http.post("/v1/agents/", json=MODEL).json()["id"]
        with http.stream("POST", f"/v1/agents/{agent}/messages/stream", json=WORDS) as stream:
            lines = stream.iter_lines()
            assert next(lines)
            stopping = threading.Thread(target=mock.stop)
            stopping.start()
            assert [line for line in lines if line][-1] == "data: [DONE]"
        stopping.join()
