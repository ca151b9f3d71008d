"""Owns the verdict: evidence goes in, checks are gated one after another, points come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from graders import VERSION
from graders.exercises import EXERCISES
from graders.feedback.details import details
from graders.feedback.notes import notes
from graders.feedback.remarks import remarks
from graders.feedback.smallest_case import smallest
from graders.feedback.snippet import snippet
from graders.feedback.summary import summarise
from graders.judging.checks import Spec, catalogue
from graders.judging.diagnosis import diagnose
from graders.judging.exercise_run import ExerciseRun
from graders.judging.points import shares, total
from graders.model.check_kinds import Reason, kind
from graders.model.evidence import Evidence
from graders.model.exercise import DEFAULT_RUBRIC
from graders.probes.plan import Plan
from graders.results.endings import describe, unread, versions
from graders.results.failure import Failure
from graders.results.report import Check, ExerciseReport, Report

__all__ = ["Report", "judge"]


def judge(
    plan: Plan,
    evidence: Evidence,
    points: Mapping[str, float],
    rubric: Mapping[str, float] = DEFAULT_RUBRIC,
) -> Report:
    """The report on one submission; `points` holds what each exercise is worth, by slug."""
    runs = [ExerciseRun(EXERCISES[slug], plan, evidence) for slug in plan.slugs]
    return whole(
        [judged(run, points[run.exercise.slug], rubric) for run in runs],
        runs,
    )


def whole(exercises: Sequence[ExerciseReport], runs: Sequence[ExerciseRun]) -> Report:
    """The report on a submission, of those on its exercises; there is one at least."""
    return Report(
        score=total([exercise.score for exercise in exercises]),
        max_score=total([exercise.max_score for exercise in exercises]),
        grader_version=VERSION,
        exercises=tuple(exercises),
        notes=tuple(notes(runs[0].evidence)),
        ran_with=versions(evidence.parsed) if (evidence := runs[0].evidence).parsed else "",
        remarks=tuple(chain.from_iterable(map(remarks, runs))),
    )


def judged(run: ExerciseRun, points: float, rubric: Mapping[str, float]) -> ExerciseReport:
    """The report on one exercise."""
    return _reported(run, *_checked(run, points, rubric))


def judged_if_right(
    run: ExerciseRun, points: float, rubric: Mapping[str, float]
) -> ExerciseReport | None:
    """The report on one exercise in which no check has failed, or None."""
    most, checks, failures = _checked(run, points, rubric)
    return None if failures else _reported(run, most, checks, failures)


def _checked(
    run: ExerciseRun, points: float, rubric: Mapping[str, float]
) -> tuple[Sequence[float], list[Check], list[Failure]]:
    """What each check is worth, how it went, and the failures that were found."""
    specs = catalogue(run)
    most = shares(specs, points, rubric)
    return most, *_gated(specs, most, run)


def _reported(
    run: ExerciseRun, most: Sequence[float], checks: list[Check], failures: list[Failure]
) -> ExerciseReport:
    failed = any(check.status == "failed" for check in checks)
    is_own = not _borrowed(run, checks)
    diagnosis = diagnose(run) if failed and run.found and is_own else None
    return ExerciseReport(
        slug=run.exercise.slug,
        title=run.exercise.title,
        score=total([check.points for check in checks]),
        max_score=total(most),
        summary=summarise(run, checks, diagnosis),
        entry=run.found,
        line=run.line,
        diagnosis=diagnosis,
        checks=tuple(checks),
        details=details(run, checks, failures, is_own=is_own),
        snippet=snippet(run, failures),
    )


def _borrowed(run: ExerciseRun, checks: Sequence[Check]) -> bool:
    """Whether numbers came from elsewhere than `backward`, or could not: its formulas say nothing.

    A forward that raised has no numbers either, but what raises can be a formula's shapes.
    """
    ran = run.not_run(run.basic) is None
    gates = {"without-autograd", "own-function"} if ran else {"without-autograd"}
    return any(check.name in gates and check.status == "failed" for check in checks)


def _gated(
    specs: Sequence[Spec], most: Sequence[float], run: ExerciseRun
) -> tuple[list[Check], list[Failure]]:
    """Judges the checks in order; a gate that fails blocks the families after its own.

    Gives the failures too, each on the smallest input that shows it.

    Within contract and forward it blocks its own family too: what a file merely claims to have
    is worth nothing until a forward of its own gives right results.
    """
    checks: list[Check] = []
    failures: list[Failure] = []
    closed_by: Spec | None = None
    unreadable = _unreadable(run)
    for spec, points in zip(specs, most, strict=True):
        if closed_by is not None and _blocks(closed_by, spec):
            checks.append(_blocked(run, spec, points, closed_by))
            continue
        failure = unreadable or spec.look(run)
        if failure is None:
            checks.append(Check(spec.name, spec.family, "passed", points, points, ""))
            continue
        failures.append(smallest(run, failure))
        checks.append(_failed(run, spec, points, failures[-1]))
        if spec.gate and closed_by is None:
            closed_by = spec
    return (_points_withdrawn(checks) if _is_early(closed_by) else checks), failures


def _is_early(gate: Spec | None) -> bool:
    return gate is not None and gate.family in ("contract", "forward")


def _blocks(gate: Spec, spec: Spec) -> bool:
    """Whether a gate that failed keeps a check from being judged."""
    if gate.name == "without-autograd" or _is_early(gate):
        return True
    return spec.family != gate.family


def _failed(run: ExerciseRun, spec: Spec, points: float, failure: Failure) -> Check:
    exhibit = run.exhibit(failure.instance) if failure.instance else None
    return Check(
        spec.name,
        spec.family,
        "failed",
        0.0,
        points,
        failure.message,
        failure.line,
        exhibit,
        failure.reason,
    )


def _blocked(run: ExerciseRun, spec: Spec, points: float, gate: Spec) -> Check:
    message = f"Not judged, since {kind(gate.name, run.students_names).gate}."
    return Check(spec.name, spec.family, "blocked", 0.0, points, message, reason=Reason.GATED)


def _points_withdrawn(checks: list[Check]) -> list[Check]:
    """Takes back the points of what passed before forward turned out to be wrong."""
    return [
        Check(
            check.name,
            check.family,
            "blocked",
            0.0,
            check.max_points,
            "Nothing is wrong here so far. It counts as soon as forward gives right results.",
            reason=Reason.WITHDRAWN,
        )
        if check.passed
        else check
        for check in checks
    ]


def _unreadable(run: ExerciseRun) -> Failure | None:
    """Why nothing at all can be judged, if so."""
    evidence = run.evidence
    if evidence.parsed is not None and (error := evidence.parsed.error) is not None:
        where = f" in {evidence.places.spoken(error.line)}" if error.line else ""
        told = f"Python cannot read your file: {error.message}{where}."
        message = f"{told} {unread(evidence.parsed)}".strip()
        return Failure(message, error.line, reason=Reason.UNREADABLE)
    if evidence.parsed is None or evidence.loaded is None:
        message = f"The run was stopped before your file was loaded: {describe(evidence.ending)}."
        return Failure(message, reason=Reason.NOT_RUN)
    return None
