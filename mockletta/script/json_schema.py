"""The script's JSON Schema, for editors and other tools; `data/script.schema.json` holds it."""

import json

from mockletta.script.script_models import ScriptFile


def script_schema() -> str:
    """The schema of a script file, in all the forms it can be written in, as JSON."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ScriptFile.model_json_schema(by_alias=True),
        "title": "A script of mockletta",
    }
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
