"""`mockletta check FILE`: what is wrong with a script, line by line."""

from mockletta.script.rule_faults import Operations
from mockletta.script.script_files import check_script


def check(path: str, operations: Operations | None = None) -> tuple[str, int]:
    """What to print of a script file, and the exit code: 1 if it cannot be loaded."""
    findings = check_script(path, operations)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    told = ", ".join(
        f"{number} {what}{'s' if number > 1 else ''}"
        for number, what in ((errors, "error"), (warnings, "warning"))
        if number
    )
    return "\n".join([*map(str, findings), f"{path}: {told or 'no problems'}"]), int(errors > 0)
