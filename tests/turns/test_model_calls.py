"""What a model call says: the system prompt with the client's skills, and the schemas of tools."""

from mockletta.brain.decisions import ToolSchema
from mockletta.turns.model_calls import CallableTools, system_for
from mockletta.wire.message_requests import ClientSkill, ClientTool
from mockletta.wire.tools import Tool

PARAMETERS: dict[str, object] = {"type": "object", "properties": {"x": {"type": "integer"}}}


def test_tools_are_told_with_their_descriptions_and_parameters() -> None:
    double = Tool(
        id="tool-1", name="double", json_schema={"description": "D", "parameters": PARAMETERS}
    )
    search = Tool(id="tool-2", name="search", description="S", tool_type="letta_core")

    offers = CallableTools([double, search], [ClientTool(name="look", parameters=PARAMETERS)])

    assert list(offers) == [
        ToolSchema("double", "D", PARAMETERS),
        ToolSchema("search", "S", is_base=True),
        ToolSchema("look", "", PARAMETERS),
    ]
    assert (len(offers), [one.name for one in offers[1:]]) == (3, ["search", "look"])


def test_base_tools_are_not_own_tools() -> None:
    search = Tool(id="tool-1", name="search", tool_type="letta_core")
    look = ClientTool(name="look")

    assert not CallableTools([search], ()).own
    assert [one.name for one in CallableTools([search], [look]).own] == ["look"]


def test_a_schema_that_says_nothing_sound_tells_nothing() -> None:
    odd = Tool(id="tool-1", name="odd", json_schema={"description": 5, "parameters": []})

    assert list(CallableTools([odd], ())) == [ToolSchema("odd")]


def test_a_tool_of_the_client_takes_the_place_of_one_with_its_name() -> None:
    even, odd = Tool(id="tool-1", name="even"), Tool(id="tool-2", name="odd", description="Ours")
    theirs = ClientTool(name="odd", description="Theirs", parameters=PARAMETERS)

    assert list(CallableTools([odd, even], [theirs, theirs])) == [
        ToolSchema("even"),
        ToolSchema("odd", "Theirs", PARAMETERS),
        ToolSchema("odd", "Theirs", PARAMETERS),
    ]


def skill(name: str, location: str) -> ClientSkill:
    return ClientSkill(name=name, description=f"How to {name}", location=location)


def test_skills_are_a_tree_of_their_folders_each_there_once() -> None:
    pour = skill("pour", "skills/pour/SKILL.md")

    prompt = system_for("Be kind.", None, [pour, skill("brew", "skills/brew/SKILL.md"), pour])

    assert prompt == (
        "Be kind.\n\n<available_skills>\nskills\n"
        "├── brew/\n│   └── SKILL.md (How to brew)\n"
        "└── pour/\n    └── SKILL.md (How to pour)\n</available_skills>"
    )


def test_each_folder_with_skills_has_a_tree() -> None:
    """A file is shown below the folder of its skill if that has the skill's name."""
    skills = [
        skill("a", "/home/me/skills/a.md"),
        skill("b", "SKILL.md"),
        skill("c", "/c/SKILL.md"),
        ClientSkill(name="d", description=" \n", location="/d.md"),
        skill("e", " "),
    ]

    assert system_for("", None, skills).splitlines()[3:-1] == [
        "",
        "└── SKILL.md (How to b)",
        "",
        "${MEMORY_DIR}/skills",
        "└── e/",
        "    └── SKILL.md (How to e)",
        "",
        "/",
        "├── c/",
        "│   └── SKILL.md (How to c)",
        "└── d.md",
        "",
        "/home/me/skills",
        "└── a.md (How to a)",
    ]


def test_a_prompt_of_the_request_has_no_skills() -> None:
    assert system_for("Be kind.", "", [skill("a", "a")]) == ""
    assert system_for("Be kind.", None, []) == system_for("Be kind.", None, None) == "Be kind."
