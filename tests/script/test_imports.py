"""What a script loads: nothing heavy that it has no use for."""

import subprocess
import sys


def test_a_script_without_templates_and_expressions_loads_no_engine_for_them() -> None:
    heavy = ["jinja2", "regex", "yaml", "starlette"]
    code = (
        "import sys; from mockletta.script.builder import When; "
        "from mockletta.script.engine import Script; When(Script(None, object), 'a').say('b'); "
        f"print([one for one in {heavy} if one in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
