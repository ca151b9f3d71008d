"""Owns the question whether a gradient was taken from autograd instead of being worked out.

The direct run decides: there is no autograd in it, so right numbers were worked out by the file.
What was called of autograd there only words the message. Where autograd could not be taken out of
the process, PyTorch's own record of the ordinary run decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from graders.judging import provenance
from graders.judging.exercise_run import ExerciseRun
from graders.model.evidence import ProbeResult
from graders.probes.probe import Probe
from graders.results.failure import Failure

_ADVICE = "The gradient is to be worked out from the formula"


def failure(run: ExerciseRun) -> Failure | None:
    """Why the gradients of an exercise are not the file's own, if they are not."""
    failures = (
        found
        for look in (_touched, _recorded, _differs)
        for probe in _asked(run)
        if (found := look(run, probe))
    )
    return next(failures, None)


def _asked(run: ExerciseRun) -> Iterator[Probe]:
    """The probes that give points."""
    yield from (probe for probe in run.probes.values() if probe.gives_points)


def _touched(run: ExerciseRun, probe: Probe) -> Failure | None:
    """A call of autograd where there is none."""
    result = run.result(probe)
    if result is None or not result.touched:
        return None
    touch = result.touched[0]
    name = f"`{touch.name}`" if touch.name else "PyTorch's autograd"
    where = f" ({run.evidence.places.spoken(touch.line)})" if touch.line else ""
    return Failure(
        f"{_who(run, result)} calls {name}{where}. {_ADVICE}.",
        touch.line or run.line,
    )


def _who(run: ExerciseRun, result: ProbeResult) -> str:
    call = result.calls[-1] if result.calls else None
    return f"`{call.cls}.{call.which}`" if call else run.subject


def _recorded(run: ExerciseRun, probe: Probe) -> Failure | None:
    """A derivative of PyTorch's that was evaluated inside of a Function, by its own record."""
    result = run.ordinary(probe)
    name = provenance.inside(result) if result is not None else None
    if name is None:
        return None
    return Failure(
        f"While {run.subject} ran, PyTorch's own derivative `{name}` was evaluated inside of your "
        f"Function. {_ADVICE}, and not taken from autograd.",
        run.line,
    )


def _differs(run: ExerciseRun, probe: Probe) -> Failure | None:
    """Gradients that are right in the ordinary run alone."""
    if len(run.runs(probe)) < 2 or not any(probe.needs):
        return None
    found = run.only_with_autograd(probe)
    if found is None:
        return None
    return Failure(
        "Your file gives right gradients where PyTorch's autograd is there, and not where it is "
        f"taken away. {found.message} {_ADVICE}, the same in both.",
        found.line,
        instance=found.instance,
    )
