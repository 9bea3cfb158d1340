"""The published JSON Schema: `python -m tests.script.schema_file` writes it anew."""

from mockletta.script.script_models import script_schema
from tests.source import PACKAGE, ROOT

PUBLISHED = ROOT / PACKAGE / "data" / "script.schema.json"

if __name__ == "__main__":
    PUBLISHED.write_text(script_schema(), encoding="utf-8")
