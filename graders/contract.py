"""Owns the contract: the entry is there, and what ran is a Function of the file's own."""

from __future__ import annotations

from graders import borrowed
from graders.advice import about_entry
from graders.case import Case
from graders.evidence import Raised
from graders.exercises import EXERCISES
from graders.fault import Fault


def entry(case: Case) -> Fault | None:
    """Whether every entry that the exercise needs was found."""
    for slug in [step.entry for step in case.exercise.steps] or [case.exercise.slug]:
        found = case.entries.get(slug)
        if found is None:
            return Fault("Your file was not read to its end, so nothing was found in it.")
        if found.found is None:
            message = about_entry(found, EXERCISES[slug].entries[0], _raised(case))
            if case.exercise.steps:
                message = f"This needs your {EXERCISES[slug].title.lower()}. {message}"
            return Fault(message, found.line)
    return None


def _raised(case: Case) -> tuple[Raised, ...]:
    return case.evidence.loaded.raised if case.evidence.loaded else ()


def own_function(case: Case) -> Fault | None:
    """Whether the result comes from Functions of the file's own, and from nothing else."""
    probe = case.probes["basic"]
    if fault := case.not_run(probe):
        return fault
    result = case.ordinary(probe)
    assert result is not None
    if any(not hasattr(output, "shape") for output in result.outputs):
        return None  # no tensor came: forward says so
    if not any(result.output_requires_grad) or not result.graph:
        return Fault(
            f"The result of {case.spoken} leads back to none of its inputs, so no gradient can "
            "flow. It must come from `apply` of your own Function.",
            case.line,
        )
    if fault := next(filter(None, map(case.borrowed, case.plain)), None):
        return fault
    if borrowed.way_around(result):
        return Fault(
            f"{case.spoken} does not send each of its inputs through a Function of your file.",
            case.line,
        )
    return None


def static_methods(case: Case) -> Fault | None:
    """Whether `forward` and `backward` are static methods."""
    for found in case.entries.values():
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
            return Fault(
                f"`@staticmethod` is missing above {names} of `{found.found}`. Since PyTorch 1.3 "
                "these methods are static and get `ctx` as their first argument, not `self`.",
                found.line,
            )
    return None


def one_gradient_each(case: Case) -> Fault | None:
    """Whether `backward` returns one gradient for each argument of `forward`."""
    probe = case.probes["basic"]
    if fault := case.not_run(probe):
        return fault
    result = case.ordinary(probe)
    assert result is not None
    if result.error is None:
        return None
    # A wrong shape is not a wrong number; anything else ended backward before it returned, or
    # kept it from running, which is forward's doing.
    backwards = [call for call in case.calls(probe) if call.which == "backward"]
    returned = any(call.returned for call in backwards)
    if "number of gradients" not in result.error.message and (returned or not backwards):
        return None
    return case.gradient_fault(probe)
