"""The script of a world and the uses of its rules."""

from pydantic import JsonValue, RootModel

from mockletta.control.dispatch import PREFIX
from mockletta.errors import BadSettings, Conflict, Unprocessable
from mockletta.http.routing import Routes
from mockletta.script.rule_progress import RuleUse
from mockletta.script.script_files import as_script
from mockletta.script.script_models import MOST_RULES, ScriptFile
from mockletta.wire.base import Wire
from mockletta.world.script_in_force import lay_down
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


@routes.get("", "control.script.retrieve")
def read_script(world: World) -> ScriptState:
    """List the rules and how often each was used."""
    if not world.has_script:
        return ScriptState(rules=[], otherwise="default")
    return ScriptState(
        rules=[_state(use) for use in world.script.rules], otherwise=world.script.otherwise
    )


@routes.put("", "control.script.replace")
def replace_script(world: World, body: ScriptText) -> ScriptState:
    """Replace the script file, given as JSON. Rules that were added remain after its rules."""
    script = _script(body.root)
    try:
        lay_down(world, script)
    except BadSettings as error:
        raise Unprocessable(f"script: faults: {error}") from error
    return read_script(world)


@routes.post("/rules", "control.script.add")
def add_rule(world: World, body: ScriptText) -> RuleState:
    """Add a rule after all others."""
    rule = _script({"replies": [body.root]}).replies[0]
    if len(world.script.rules) >= MOST_RULES:
        raise Conflict(f"There are {MOST_RULES} rules already")
    world.script.add(rule)
    return _state(world.script.rules[-1])


def _script(spelled: dict[str, JsonValue]) -> ScriptFile:
    try:
        return as_script(spelled)
    except BadSettings as error:
        raise Unprocessable(str(error)) from error


def _state(use: RuleUse) -> RuleState:
    spelled = use.rule.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return RuleState(label=use.label, served=use.served, rule=spelled)
