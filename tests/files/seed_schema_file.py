"""The published JSON Schema of seeds: `python -m tests.files.seed_schema_file` writes it anew."""

from mockletta.files.seed_shapes import seed_schema
from tests.source import PACKAGE, ROOT

PUBLISHED = ROOT / PACKAGE / "data" / "seed.schema.json"

if __name__ == "__main__":
    PUBLISHED.write_text(seed_schema(), encoding="utf-8")
