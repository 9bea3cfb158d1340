"""The script of a world and the uses of its rules."""

from pydantic import JsonValue, RootModel

from mockletta.control.control_dispatch import PREFIX
from mockletta.errors import BadSettings, Conflict, Unprocessable
from mockletta.files.script_replacement import replace_script
from mockletta.http.routing import Routes
from mockletta.script.rule_progress import RuleUse
from mockletta.script.script_files import Diagnostic, as_script, check_script_text, parse_script
from mockletta.script.script_models import MOST_RULES, ScriptFile
from mockletta.wire.base import Wire
from mockletta.world.world import World

routes = Routes(f"{PREFIX}/script")


class ScriptText(RootModel[dict[str, JsonValue]]):
    """A script or a rule as in a file."""


class RuleState(Wire):
    """A rule and the number of its uses."""

    label: str
    served: int
    rule: dict[str, JsonValue]


class ScriptState(Wire):
    """The rules in order, and what replies if none matches."""

    rules: list[RuleState]
    otherwise: str


class ScriptSource(Wire):
    """The text of a script file."""

    text: str


class CheckedScript(Wire):
    """All errors and warnings of a script, each with its line and column."""

    problems: list[Diagnostic]


@routes.get("", "control.script.retrieve")
def read_script(world: World) -> ScriptState:
    """List the rules and how often each was used."""
    if not world.has_script:
        return ScriptState(rules=[], otherwise="default")
    return ScriptState(
        rules=[_state(use) for use in world.script.rules], otherwise=world.script.otherwise
    )


@routes.put("", "control.script.replace")
def put_script(world: World, body: ScriptText) -> ScriptState:
    """Replace the script file, given as JSON. Rules that were added remain after its rules."""
    _put_in_force(world, _script(body.root))
    return read_script(world)


@routes.post("/check", "control.script.check")
def check_text(body: ScriptSource) -> CheckedScript:
    """Check the text of a script file, YAML or JSON, without loading it."""
    return CheckedScript(problems=check_script_text(body.text))


@routes.put("/text", "control.script.load")
def load_text(world: World, body: ScriptSource) -> ScriptState:
    """Load the text of a script file, YAML or JSON."""
    problems = [one for one in check_script_text(body.text) if one.level == "error"]
    if problems:
        raise Unprocessable("\n".join(map(str, problems)))
    script = parse_script(body.text)
    _put_in_force(world, script)
    return read_script(world)


@routes.post("/rules", "control.script.add")
def add_rule(world: World, body: ScriptText) -> RuleState:
    """Add a rule after all others."""
    rule = _script({"replies": [body.root]}).replies[0]
    if len(world.script.rules) >= MOST_RULES:
        raise Conflict(f"There are {MOST_RULES} rules already")
    world.script.add(rule)
    return _state(world.script.rules[-1])


def _put_in_force(world: World, script: ScriptFile) -> None:
    try:
        replace_script(world, script)
    except BadSettings as error:
        raise Unprocessable(f"script: faults: {error}") from error


def _script(spelled: dict[str, JsonValue]) -> ScriptFile:
    try:
        return as_script(spelled)
    except BadSettings as error:
        raise Unprocessable(str(error)) from error


def _state(use: RuleUse) -> RuleState:
    spelled = use.rule.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return RuleState(label=use.label, served=use.served, rule=spelled)
