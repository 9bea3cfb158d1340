"""The console: a page that shows agents, conversations and requests.

It is served from the package, without a build step and without the network. Its policy allows no
inline script or style, so text from a client cannot become code even if a view has a bug.
"""

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import NotFound
from mockletta.http.rendering import Response
from mockletta.http.routing import Routes

routes = Routes(f"{PREFIX}/console")
TYPES = MappingProxyType(
    {
        "css": b"text/css; charset=utf-8",
        "html": b"text/html; charset=utf-8",
        "js": b"text/javascript; charset=utf-8",
        "svg": b"image/svg+xml",
    }
)
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    b"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@routes.get("", "control.console")
def show_console() -> Response:
    """Show the console, a page for browsers."""
    return _file("index.html")


@routes.get("/{name}", "control.console.files")
def send_file(name: str) -> Response:
    """Send a file of the console."""
    return _file(name)


@routes.get("/views/{name}", "control.console.views")
def send_view(name: str) -> Response:
    """Send a view of the console."""
    return _file(f"views/{name}")


@routes.get("/vendor/{name}", "control.console.vendor")
def send_vendored(name: str) -> Response:
    """Send the library that the console is made with."""
    return _file(f"vendor/{name}")


def _file(name: str) -> Response:
    found = console_files().get(name)
    if found is None:
        raise NotFound("Not Found")
    return found


@cache
def console_files() -> "MappingProxyType[str, Response]":
    """Return every file of the console by its path below the page, ready to be sent."""
    root = files("mockletta") / "console"
    folders = (("", root), ("views/", root / "views"), ("vendor/", root / "vendor"))
    return MappingProxyType(
        {
            f"{prefix}{one.name}": _response(one.name, one.read_bytes())
            for prefix, folder in folders
            for one in folder.iterdir()
            if one.name.rpartition(".")[2] in TYPES
        }
    )


def _response(name: str, body: bytes) -> Response:
    headers = [
        (b"content-type", TYPES[name.rpartition(".")[2]]),
        (b"content-security-policy", POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-cache"),
    ]
    return Response(200, headers, body)
