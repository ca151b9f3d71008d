"""Owns the contract: the entry is there, and what ran is a Function of the file's own."""

from __future__ import annotations

from graders.exercises import EXERCISES
from graders.judging import provenance
from graders.judging.exercise_run import ExerciseRun
from graders.model.check_kinds import Reason
from graders.model.evidence import Entry
from graders.results.exceptions import about_entry
from graders.results.failure import Failure


def entry(run: ExerciseRun) -> Failure | None:
    """Whether every entry that the exercise needs was found."""
    for slug in [step.entry for step in run.exercise.steps] or [run.exercise.slug]:
        found = run.entries.get(slug)
        if found is None:
            return Failure("Your file was not read to its end, so nothing was found in it.")
        if found.found is None:
            message = about_entry(
                found, EXERCISES[slug].entries[0], run.raised, run.evidence.places
            )
            if run.exercise.steps:
                message = f"This needs your {EXERCISES[slug].title.lower()}. {message}"
            return Failure(message, found.line, reason=_reason(found))
    return None


def _reason(entry: Entry) -> Reason | None:
    if entry.problem == "unwritten":
        return Reason.UNWRITTEN
    is_absent = entry.problem == "unknown" or (entry.problem == "missing" and not entry.near)
    return Reason.ABSENT if is_absent else None


def own_function(run: ExerciseRun) -> Failure | None:
    """Whether the result comes from Functions of the file's own, and from nothing else."""
    probe = run.basic
    if failure := run.not_run(probe):
        return failure
    result = run.ordinary(probe)
    assert result is not None
    if any(not hasattr(output, "shape") for output in result.outputs):
        return None  # no tensor came: forward says so
    if not any(result.output_requires_grad) or not result.graph:
        return Failure(
            f"The result of {run.subject} leads back to none of its inputs, so no gradient can "
            "flow. It must come from `apply` of your own Function, and must not be marked by "
            "`mark_non_differentiable`.",
            run.line,
        )
    if failure := next(filter(None, map(run.borrowed, run.plain)), None):
        return failure
    if provenance.way_around(result):
        return Failure(
            f"{run.subject} does not send each of its inputs through a Function of your file.",
            run.line,
        )
    return None


def static_methods(run: ExerciseRun) -> Failure | None:
    """Whether `forward` and `backward` are static methods."""
    for found in run.entries.values():
        missing = [
            name
            for name, static in (
                ("forward", found.static_forward),
                ("backward", found.static_backward),
            )
            if not static
        ]
        if missing:
            names = " and ".join(f"`{name}`" for name in missing)
            return Failure(
                f"`@staticmethod` is missing above {names} of `{found.found}`. Since PyTorch 1.3 "
                "these methods are static and get `ctx` as their first argument, not `self`.",
                found.line,
            )
    return None


def one_gradient_each(run: ExerciseRun) -> Failure | None:
    """Whether `backward` returns one gradient for each argument of `forward`."""
    probe = run.basic
    if failure := run.not_run(probe):
        return failure
    result = run.ordinary(probe)
    assert result is not None
    if result.error is None:
        return None
    # A wrong shape is not a wrong number; anything else ended backward before it returned, or
    # kept it from running, which is forward's doing.
    backwards = [call for call in run.calls(probe) if call.which == "backward"]
    returned = any(call.returned for call in backwards)
    if "number of gradients" not in result.error.message and (returned or not backwards):
        return None
    return run.gradient_failure(probe)
