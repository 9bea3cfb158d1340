"""The pages that describe this server and its operations, for people and for programs.

They are made from two generated files. A server would take half a second to load all operations and
to describe them.
"""

import json
import re
import zlib
from typing import Any

from mockletta._version import __version__
from mockletta.documents.packaged_data import DATA
from mockletta.http.rendering import Rendered, Response
from mockletta.http.routing import Routes
from mockletta.world.world import World

routes = Routes("")
GZIP = 31
"""The window bits of zlib for a file of gzip. Its last four bytes are the size of its text."""
HTML = (b"content-type", b"text/html; charset=utf-8")
HOME = "/docs"
DESCRIPTION = "/openapi.json"
REFUSED = "501"
"""The status of an operation that is not imitated."""
PAGES = frozenset({"/", HOME, DESCRIPTION})
"""Pages that also answer HEAD, like those of the real server."""
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mockletta</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{
    font: 16px/1.5 system-ui, sans-serif;
    max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  }}
  code, pre {{ font-family: ui-monospace, monospace; font-size: 0.9em; }}
  pre {{ padding: 1rem; overflow-x: auto; border: 1px solid #8886; border-radius: 6px; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid #8884; }}
  .wide {{ overflow-x: auto; }}
  .no {{ opacity: 0.6; }}
</style>
<h1>mockletta {version}</h1>
<p>A local, in-memory mock of the Letta server. Point the SDK at it:</p>
<pre>from letta_client import Letta
client = Letta(base_url="<span id="origin">http://localhost:8283</span>", api_key="any")</pre>
<script>document.getElementById("origin").textContent = location.origin</script>
<p>{imitated} of {total} operations are imitated; the others answer 501.</p>
<div class="wide"><table>
<thead><tr><th>Operation</th><th>Request</th><th>Imitated</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>
</html>
"""


def load_coverage() -> dict[str, Any]:
    """Read the generated table of operations: the SDK's version, and a row for each operation."""
    table: dict[str, Any] = json.loads((DATA / "coverage.json").read_text("utf-8"))
    return table


@routes.get("/", "pages.root")
def root(world: World) -> Response:  # noqa: ARG001
    return Response(307, [(b"location", HOME.encode())], b"")


@routes.get(HOME, "pages.docs")
def docs(world: World) -> Response:  # noqa: ARG001
    operations = load_coverage()["operations"]
    imitated = [one for one in operations if one["status"] != REFUSED]
    html = _PAGE.format(
        version=__version__,
        imitated=len(imitated),
        total=len(operations),
        rows="\n".join(map(_row, operations)),
    )
    return Response(200, [HTML], html.encode())


@routes.get(DESCRIPTION, "pages.description")
def openapi(world: World) -> Rendered:  # noqa: ARG001
    packed = (DATA / "openapi.json.gz").read_bytes()
    return Rendered(zlib.decompress(packed, GZIP, int.from_bytes(packed[-4:], "little")))


def _row(operation: dict[str, str]) -> str:
    name, method, path = operation["operation"], operation["method"], operation["path"]
    mark, style = ("yes", "") if operation["status"] != REFUSED else ("no", ' class="no"')
    return (
        f"<tr{style}><td><code>client.{_breakable(name)}</code></td>"
        f"<td><code>{method} {_breakable(path)}</code></td><td>{mark}</td></tr>"
    )


def _breakable(text: str) -> str:
    """Return a name that a browser can break after separators, not within words."""
    from html import escape  # noqa: PLC0415 - few servers are asked

    return re.sub(r"([./_-])", r"\1<wbr>", escape(text))
