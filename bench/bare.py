"""The reference: a bare starlette app that answers one route with constant bytes.

Run it with `python -m bench.bare FILE`, where the file is a saved `Answer`. Its server has
mockletta's settings: uvicorn, uvloop, httptools, no access log.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.answers import Answer, load_answer

BACKLOG = 2048


def main() -> None:
    """Serve until killed. The first line on stdout is the URL."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    print("http://{}:{}".format(*listener.getsockname()), flush=True)
    config = uvicorn.Config(
        create_app(load_answer(Path(sys.argv[1]))),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=BACKLOG,
    )
    uvicorn.Server(config).run(sockets=[listener])


def create_app(answer: Answer) -> Starlette:
    """Create an app with one route that returns the captured status, headers and body."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]

    async def constant(_request: Request) -> Response:
        response = Response(answer.body, answer.status)
        response.raw_headers = headers
        return response

    path = answer.path.partition("?")[0]
    return Starlette(routes=[Route(path, constant, methods=[answer.method])])


if __name__ == "__main__":
    main()
