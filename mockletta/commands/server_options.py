"""The options that say which running server a command is for."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from mockletta.commands.options import option
from mockletta.settings import DEFAULT_HOST, DEFAULT_PORT

if TYPE_CHECKING:
    from mockletta.commands.control_client import Remote

P = ParamSpec("P")
DEFAULT_URL = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"


def at_a_server(command: "Callable[Concatenate[Remote, P], None]") -> Callable[..., None]:
    """Give a command its server as first argument, found by three options."""

    @option("--url", "Where the server is.", default=DEFAULT_URL)
    @option("--admin-token", "Its admin token, needed from another machine.")
    @option("--key", "The API key whose world is meant; the main one by default.")
    @wraps(command)
    def at(url: str, admin_token: str | None, key: str | None, *args: Any, **rest: Any) -> None:  # noqa: ANN401
        from mockletta.commands.control_client import Remote  # noqa: PLC0415 - help needs no client

        command(Remote(url, admin_token, key), *args, **rest)

    return at
