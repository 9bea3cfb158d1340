"""The report of drift: for people, as JSON, as a JUnit file, as a Markdown page."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from mockletta.recordings.drift.findings import LEVELS, DriftFinding, DriftReport, Level, shown

NOTHING = "The mock answers as the real API did."


def text_report(report: DriftReport) -> str:
    """Return the report for people."""
    lines = [*_text_lines(report), _summary(report)]
    return "\n".join(lines)


def _text_lines(report: DriftReport) -> Iterator[str]:
    for finding in report.findings:
        count = sum(finding.operations.values())
        yield f"{finding.level}: {finding.title} ({count}x)"
        yield f"    real: {shown(finding.difference.expected)}"
        yield f"    mock: {shown(finding.difference.got)}"
        yield f"    as in {_place(finding)}"
        if finding.quirks:
            yield f"    the answer depends on the quirk {', '.join(finding.quirks)}"
    for reason, count in report.skipped.items():
        yield f"not compared: {reason} ({count}x)"


def _place(finding: DriftFinding) -> str:
    request = finding.example.request
    return f"{finding.file}, request {finding.example.index + 1}: {request.method} {request.path}"


def _summary(report: DriftReport) -> str:
    counts = dict.fromkeys(reversed(LEVELS), 0)
    for finding in report.findings:
        counts[finding.level] += 1
    told = ", ".join(f"{count} {level}" for level, count in counts.items() if count)
    return f"{report.compared} exchanges compared: {told or 'no difference'}"


def json_report(report: DriftReport) -> str:
    """Return the report as JSON."""
    content = {
        "files": report.files,
        "compared": report.compared,
        "skipped": report.skipped,
        "findings": [_json(finding) for finding in report.findings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=str)


def _json(finding: DriftFinding) -> dict[str, Any]:
    request, recorded = finding.example.request, finding.example.recorded
    return {
        "level": finding.level,
        "kind": finding.kind,
        "path": finding.path,
        "operations": dict(finding.operations),
        "expected": finding.difference.expected,
        "got": finding.difference.got,
        "quirks": list(finding.quirks),
        "example": {
            "file": finding.file,
            "request": finding.example.index + 1,
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "body": request.content,
            "status": recorded.status if recorded is not None else None,
        },
    }


def junit_report(report: DriftReport, level: Level) -> str:
    """Return the report as a JUnit file: a test for each finding, which fails from a level on."""
    failing = [one for one in report.findings if LEVELS.index(one.level) >= LEVELS.index(level)]
    suite = ET.Element(
        "testsuite",
        name="mockletta drift",
        tests=str(max(len(report.findings), 1)),
        failures=str(len(failing)),
    )
    for finding in report.findings:
        case = ET.SubElement(
            suite, "testcase", classname=", ".join(finding.operations), name=finding.title
        )
        if finding in failing:
            failure = ET.SubElement(case, "failure", type=finding.level, message=finding.title)
            failure.text = _details(finding)
    if not report.findings:
        ET.SubElement(suite, "testcase", classname="drift", name=NOTHING)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


def _details(finding: DriftFinding) -> str:
    return (
        f"real: {shown(finding.difference.expected)}\n"
        f"mock: {shown(finding.difference.got)}\n"
        f"as in {_place(finding)}"
    )


def markdown_report(report: DriftReport) -> str:
    """Return the report as a Markdown page."""
    lines = ["## Drift of the mock from the real API", "", _summary(report) + ".", ""]
    if not report.findings:
        lines.append(NOTHING)
        return "\n".join(lines) + "\n"
    lines += ["| Level | What | Operations | Real API | Mock |", "|:--|:--|:--|:--|:--|"]
    for finding in report.findings:
        names = ", ".join(f"`{name}`" for name in finding.operations)
        real, mock = (_cell(one) for one in (finding.difference.expected, finding.difference.got))
        what = f"{finding.kind} at `{finding.path}`"
        lines.append(f"| {finding.level} | {what} | {names} | {real} | {mock} |")
    lines += ["", *(f"- {_example(finding)}" for finding in report.findings)]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    text = shown(value).replace("|", "\\|").replace("\n", " ").replace("`", "'")
    return f"`{text}`"


def _example(finding: DriftFinding) -> str:
    quirks = f" It depends on the quirk `{', '.join(finding.quirks)}`." if finding.quirks else ""
    return f"`{finding.path}`: {_place(finding)}.{quirks}"
