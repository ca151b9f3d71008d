"""Owns the verdict: evidence goes in, checks are gated one after another, points come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from graders import VERSION
from graders.case import Case, told
from graders.checks import Spec, catalogue
from graders.details import details
from graders.diagnosis import diagnose
from graders.evidence import Evidence
from graders.exercise import DEFAULT_RUBRIC
from graders.exercises import EXERCISES
from graders.fault import Fault
from graders.notes import notes
from graders.plan import Plan
from graders.points import shares, total
from graders.remarks import remarks
from graders.report import Check, ExerciseReport, Report
from graders.shrinking import smallest
from graders.snippet import snippet
from graders.summary import summarise

__all__ = ["Report", "judge"]

_SPOKEN = {
    "entry": "the entry was not found",
    "own-function": "the result does not come from your own Function",
    "values": "forward is not right yet",
    "without-autograd": "the gradient comes from autograd",
}


def judge(
    plan: Plan,
    evidence: Evidence,
    points: Mapping[str, float],
    rubric: Mapping[str, float] = DEFAULT_RUBRIC,
) -> Report:
    """The report on one submission; `points` holds what each exercise is worth, by slug."""
    cases = [Case(EXERCISES[slug], plan, evidence) for slug in plan.slugs]
    return whole([judged(case, points[case.exercise.slug], rubric) for case in cases], cases)


def whole(exercises: Sequence[ExerciseReport], cases: Sequence[Case]) -> Report:
    """The report on a submission, of those on its exercises; there is one case at least."""
    return Report(
        score=total([exercise.score for exercise in exercises]),
        max_score=total([exercise.max_score for exercise in exercises]),
        grader_version=VERSION,
        exercises=tuple(exercises),
        notes=tuple(notes(cases[0].evidence)),
        remarks=tuple(chain.from_iterable(map(remarks, cases))),
    )


def judged(case: Case, points: float, rubric: Mapping[str, float]) -> ExerciseReport:
    """The report on one exercise."""
    return _reported(case, *_checked(case, points, rubric))


def judged_if_right(
    case: Case, points: float, rubric: Mapping[str, float]
) -> ExerciseReport | None:
    """The report on one exercise in which no check has failed, or None."""
    most, checks, faults = _checked(case, points, rubric)
    return None if faults else _reported(case, most, checks, faults)


def _checked(
    case: Case, points: float, rubric: Mapping[str, float]
) -> tuple[Sequence[float], list[Check], list[Fault]]:
    """What each check is worth, how it went, and the faults that were found."""
    specs = catalogue(case)
    most = shares(specs, points, rubric)
    return most, *_gated(specs, most, case)


def _reported(
    case: Case, most: Sequence[float], checks: list[Check], faults: list[Fault]
) -> ExerciseReport:
    failed = any(check.status == "failed" for check in checks)
    theirs = not _borrowed(case, checks)
    diagnosis = diagnose(case) if failed and case.found and theirs else None
    return ExerciseReport(
        slug=case.exercise.slug,
        title=case.exercise.title,
        score=total([check.points for check in checks]),
        max_score=total(most),
        summary=summarise(case, checks, diagnosis),
        entry=case.found,
        line=case.line,
        diagnosis=diagnosis,
        checks=tuple(checks),
        details=details(case, checks, faults, theirs=theirs),
        snippet=snippet(case, faults),
    )


def _borrowed(case: Case, checks: Sequence[Check]) -> bool:
    """Whether numbers came from elsewhere than `backward`, or could not: its formulas say nothing.

    A forward that raised has no numbers either, but what raises can be a formula's shapes.
    """
    ran = case.not_run(case.probes["basic"]) is None
    gates = {"without-autograd", "own-function"} if ran else {"without-autograd"}
    return any(check.name in gates and check.status == "failed" for check in checks)


def _gated(
    specs: Sequence[Spec], most: Sequence[float], case: Case
) -> tuple[list[Check], list[Fault]]:
    """Judges the checks in order; a gate that fails blocks the families after its own.

    Gives the faults of those that failed too, each on the smallest input that shows it.

    Within contract and forward it blocks its own family too: what a file merely claims to have
    is worth nothing until a forward of its own gives right results.
    """
    checks: list[Check] = []
    faults: list[Fault] = []
    closed_by: Spec | None = None
    unreadable = _unreadable(case)
    for spec, points in zip(specs, most, strict=True):
        if closed_by is not None and _blocks(closed_by, spec):
            checks.append(_blocked(case, spec, points, closed_by))
            continue
        fault = unreadable or spec.look(case)
        if fault is None:
            checks.append(Check(spec.name, spec.family, "passed", points, points, ""))
            continue
        faults.append(smallest(case, fault))
        checks.append(_failed(case, spec, points, faults[-1]))
        if spec.gate and closed_by is None:
            closed_by = spec
    return (_claims_withdrawn(checks) if _is_early(closed_by) else checks), faults


def _is_early(gate: Spec | None) -> bool:
    return gate is not None and gate.family in ("contract", "forward")


def _blocks(gate: Spec, spec: Spec) -> bool:
    """Whether a gate that failed keeps a check from being judged."""
    if gate.name == "without-autograd" or _is_early(gate):
        return True
    return spec.family != gate.family


def _failed(case: Case, spec: Spec, points: float, fault: Fault) -> Check:
    exhibit = case.exhibit(fault.instance) if fault.instance else None
    return Check(spec.name, spec.family, "failed", 0.0, points, fault.message, fault.line, exhibit)


def _blocked(case: Case, spec: Spec, points: float, gate: Spec) -> Check:
    why = _SPOKEN.get(gate.name)
    if why is None:
        name = case.theirs[gate.name.removeprefix("gradient-")]
        why = f"the gradient of `{name}` is not right yet"
    return Check(spec.name, spec.family, "blocked", 0.0, points, f"Not judged, since {why}.")


def _claims_withdrawn(checks: list[Check]) -> list[Check]:
    """Takes back the points of what passed before forward turned out to be wrong."""
    return [
        Check(
            check.name,
            check.family,
            "blocked",
            0.0,
            check.max_points,
            "Nothing is wrong here so far. It counts as soon as forward gives right results.",
        )
        if check.passed
        else check
        for check in checks
    ]


def _unreadable(case: Case) -> Fault | None:
    """Why nothing at all can be judged, if so."""
    evidence = case.evidence
    if evidence.parsed is not None and (error := evidence.parsed.error) is not None:
        where = f" in line {error.line}" if error.line else ""
        return Fault(f"Python cannot read your file: {error.message}{where}.", error.line)
    if evidence.parsed is None or evidence.loaded is None:
        return Fault(f"The run was stopped before your file was loaded: {told(evidence.ending)}.")
    return None
