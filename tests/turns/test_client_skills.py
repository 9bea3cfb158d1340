"""The system prompt of a request with a client's skills."""

from mockletta.turns.client_skills import system_for
from mockletta.wire.message_requests import ClientSkill


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
    """A location can also name the folder of the skill, or none."""
    skills = [skill("a", "/home/me/skills/a"), skill("b", "SKILL.md"), skill("c", "/c/SKILL.md")]

    assert system_for("", None, skills).splitlines()[3:-1] == [
        ".",
        "└── b/",
        "    └── SKILL.md (How to b)",
        "/",
        "└── c/",
        "    └── SKILL.md (How to c)",
        "/home/me/skills",
        "└── a/",
        "    └── SKILL.md (How to a)",
    ]


def test_a_prompt_of_the_request_has_no_skills() -> None:
    assert system_for("Be kind.", "", [skill("a", "a")]) == ""
    assert system_for("Be kind.", None, []) == system_for("Be kind.", None, None) == "Be kind."
