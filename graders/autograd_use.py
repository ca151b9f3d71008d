"""Owns the question whether a gradient was taken from autograd instead of being worked out."""

from __future__ import annotations

from graders.case import Case
from graders.evidence import Call, Finding
from graders.fault import Fault


def fault(case: Case) -> Fault | None:
    """What was seen of autograd while this exercise ran, or was found in its reach."""
    ran: set[str] = set()
    for probe in case.probes.values():
        result = case.result(probe)
        if result is None:
            continue
        for call in result.calls:
            ran.add(call.cls)
            if call.autograd:
                return _inside(case, call)
        if result.autograd:
            return Fault(
                f"{case.spoken} used `{result.autograd[0]}` while it ran. The gradient is to be "
                "worked out in `backward`, from the formula.",
                case.line,
            )
    return _hidden(case, ran)


def _inside(case: Case, call: Call) -> Fault:
    name = call.autograd[0]
    line = next((f.line for f in _findings(case, {call.cls}) if name.endswith(f.detail[-8:])), None)
    used = name if " " in name else f"used `{name}`"
    return Fault(
        f"`{call.cls}.{call.which}` {used}. The gradient is to be worked out in `backward`, "
        "from the formula, and not taken from autograd.",
        line or call.line,
    )


def _findings(case: Case, classes: set[str]) -> list[Finding]:
    parsed = case.evidence.parsed
    found = parsed.findings if parsed else ()
    return [finding for finding in found if finding.scope.split(".")[0] in classes]


def _hidden(case: Case, classes: set[str]) -> Fault | None:
    """What the dynamic look cannot see: compiled code, and nodes of a graph called by hand."""
    findings = _findings(case, classes)
    recording = {finding.scope for finding in findings if finding.kind == "recording"}
    for finding in findings:
        touches = finding.kind == "graph-node" and finding.scope in recording
        if finding.kind == "script" or touches:
            return Fault(
                f"`{finding.scope}` uses `{finding.detail}`. The gradient is to be worked out in "
                "`backward`, from the formula, and not taken from autograd.",
                finding.line,
            )
    return None
