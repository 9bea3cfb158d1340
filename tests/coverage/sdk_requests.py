"""Which request each method of the SDK sends: found out by calling it."""

import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from letta_client import APIConnectionError, DefaultHttpxClient, Letta

from tests.contract.generated.calls import plain_calls_of
from tests.contract.generated.surface import methods_of, signatures_of
from tests.contract.generated.values import Values

NOWHERE = "http://sdk.invalid"
Request = tuple[str, str]


def sdk_requests() -> dict[str, Request]:
    """The method and the path of every operation of the installed SDK, as `GET`, `/v1/agents/`;
    parameters of a path are `{}`."""
    sent: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ConnectError("nobody is there")

    http = DefaultHttpxClient(transport=httpx.MockTransport(note))
    with Letta(base_url=NOWHERE, api_key="none", max_retries=0, http_client=http) as client:
        for operation, method in methods_of(client).items():
            signature = signatures_of(method)[0]
            smallest = next(plain_calls_of(operation, signature, Values(_named)))
            with suppress(APIConnectionError), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                method(**smallest.arguments)
        return dict(zip(methods_of(client), map(_request, sent), strict=True))


def _named(path: tuple[str, ...]) -> Any:  # noqa: ANN401
    """What stands for a parameter: its own name, to be found in the path again."""
    return Path(__file__) if path[-1] == "file" else "{}" if len(path) == 2 else None


def _request(request: httpx.Request) -> Request:
    return request.method, unquote(request.url.path)
