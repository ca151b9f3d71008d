"""Owns the catalogue of checks: their names, families, weights, and which probes each looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from graders.judging import autograd_use, contract
from graders.judging.exercise_run import ExerciseRun
from graders.model.check_kinds import gradient_of, weight
from graders.model.evidence import Oddity, ProbeResult
from graders.probes.probe import Probe, ProbeKind
from graders.results import formatting
from graders.results.failure import Failure, Instance

_TOGETHER = (ProbeKind.INPUT_TWICE, ProbeKind.TWO_CALLS, ProbeKind.BACKWARD_TWICE)
_EDGES = (ProbeKind.NON_CONTIGUOUS, ProbeKind.EXTREME, ProbeKind.EMPTY)


@dataclass(frozen=True, slots=True)
class Spec:
    """One check. `weight` is its share within its family; a `gate` blocks what comes after it."""

    name: str
    family: str
    weight: float
    look: Callable[[ExerciseRun], Failure | None]
    gate: bool = False


def catalogue(run: ExerciseRun) -> tuple[Spec, ...]:
    """The checks of an exercise, in the order in which they are judged and shown."""
    return (
        *_contract(),
        *_forward(run),
        *_gradient(run),
        *_requires_grad(),
        *_robustness(run),
    )


def _spec(
    name: str,
    family: str,
    look: Callable[[ExerciseRun], Failure | None],
    *,
    gate: bool = False,
    inputs: int = 1,
) -> Spec:
    return Spec(name, family, weight(name, family, inputs), look, gate)


def _contract() -> Iterator[Spec]:
    yield _spec("entry", "contract", contract.entry, gate=True)
    yield _spec("own-function", "contract", contract.own_function, gate=True)
    yield _spec("static-methods", "contract", contract.static_methods)
    yield _spec("one-gradient-each", "contract", contract.one_gradient_each)


def _forward(run: ExerciseRun) -> Iterator[Spec]:
    yield _spec("values", "forward", partial(_forwards, kind=ProbeKind.BASIC), gate=True)
    if run.of_kind(ProbeKind.FLOAT64):
        yield _spec("dtype", "forward", _dtypes)
    for kind in (ProbeKind.SCALARS, ProbeKind.SHAPES):
        if run.of_kind(kind):
            yield _spec(kind.value, "forward", partial(_forwards, kind=kind))


def _gradient(run: ExerciseRun) -> Iterator[Spec]:
    yield _spec("without-autograd", "gradient", autograd_use.failure, gate=True)
    inputs = run.exercise.inputs
    for at, name in enumerate(inputs):
        look = partial(_gradients, kind=ProbeKind.BASIC, only=at)
        yield _spec(gradient_of(name), "gradient", look, gate=True, inputs=len(inputs))
    for kind in (ProbeKind.FLOAT64, ProbeKind.SCALARS, ProbeKind.SHAPES):
        if run.of_kind(kind):
            yield _spec(kind.value, "gradient", partial(_gradients, kind=kind))


def _requires_grad() -> Iterator[Spec]:
    yield _spec("right-results", "requires_grad", partial(_everything, kind=ProbeKind.NEEDS))
    yield _spec("nothing-for-nothing", "requires_grad", _wasted)


def _robustness(run: ExerciseRun) -> Iterator[Spec]:
    for kind in filter(run.of_kind, _TOGETHER):
        yield _spec(kind.value, "robustness", partial(_everything, kind=kind))
    yield _spec("unchanged", "robustness", _changed)
    for kind in filter(run.of_kind, _EDGES):
        yield _spec(kind.value, "robustness", partial(_everything, kind=kind))


def _forwards(run: ExerciseRun, kind: ProbeKind) -> Failure | None:
    return next(filter(None, map(run.forward_failure, run.of_kind(kind))), None)


def _gradients(run: ExerciseRun, kind: ProbeKind, only: int | None = None) -> Failure | None:
    failures = (run.gradient_failure(probe, only) for probe in run.of_kind(kind))
    return next(filter(None, failures), None)


def _everything(run: ExerciseRun, kind: ProbeKind) -> Failure | None:
    """Results and gradients; a needed gradient may be missing only where nothing needs one."""
    for probe in run.of_kind(kind):
        if failure := run.forward_failure(probe) or run.gradient_failure(probe):
            return failure
    return None


def _dtypes(run: ExerciseRun) -> Failure | None:
    """The result has the dtype of the inputs, and the precision that goes with it."""
    for name in (ProbeKind.BASIC, ProbeKind.FLOAT64):
        probe = run.probes[name]
        if failure := run.forward_failure(probe):
            return failure
        for got in (one for result in run.results(probe) for one in result.outputs):
            dtype = str(getattr(got, "dtype", "")).removeprefix("torch.")
            if dtype != probe.dtype:
                message = f"{run.subject} returned {dtype} for inputs of {probe.dtype}."
                return Failure(message, run.line_of(probe, "forward"))
    return None


def _wasted(run: ExerciseRun) -> Failure | None:
    """No gradient is computed for an input that needs none."""
    for probe in run.of_kind(ProbeKind.NEEDS):
        if failure := run.not_run(probe):
            return failure
        result = run.result(probe)
        assert result is not None
        for call in result.calls:
            if call.which != "backward":
                continue
            for at, (needed, nothing) in enumerate(zip(call.needs, call.none, strict=False)):
                if not needed and not nothing:
                    got = call.returned[at] if at < len(call.returned) else None
                    did = (
                        f"returned {formatting.kind(got)}"
                        if isinstance(got, Oddity)
                        else "returned a gradient"
                    )
                    return Failure(
                        f"`{call.cls}.backward` {did} for its input number {at + 1}, which needs "
                        "none. Look at `ctx.needs_input_grad` and return None there.",
                        call.line,
                    )
    return None


def _changed(run: ExerciseRun) -> Failure | None:
    """Inputs and upstream gradients are after a run what they were before it."""
    for probe in sorted(run.probes.values(), key=lambda probe: probe.size):
        # What did not run has a check of its own to say so.
        for result in run.results(probe) if probe.echo else ():
            if failure := _changed_in(run, probe, result):
                return failure
    return None


def _changed_in(run: ExerciseRun, probe: Probe, result: ProbeResult) -> Failure | None:
    sent = (*probe.inputs, *probe.upstream)
    for at, (before, after) in enumerate(zip(sent, result.echo, strict=False)):
        if not torch.equal(before, after.double()):
            return _changed_words(run, probe, at, after)
    for was, now in zip(result.outputs, result.outputs_after, strict=False):
        if not _stayed(was, now):
            return _changed_result(run, probe, was, now)
    return None


def _stayed(was: Tensor | Oddity, now: Tensor | Oddity) -> bool:
    if isinstance(was, Oddity) or isinstance(now, Oddity):
        return True
    return was.shape == now.shape and bool(torch.isclose(was, now, 0, 0, equal_nan=True).all())


def _changed_result(
    run: ExerciseRun, probe: Probe, was: Tensor | Oddity, now: Tensor | Oddity
) -> Failure:
    assert isinstance(was, Tensor)
    return Failure(
        "`backward` changed the result of `forward` in place. It belongs to somebody else, who may "
        "still need it: compute something new instead.",
        run.line,
        ("changed result",),
        Instance(probe, "result of forward afterwards", was, now),
    )


def _changed_words(run: ExerciseRun, probe: Probe, at: int, after: Tensor) -> Failure:
    upstream = [shown["name"] for shown in formatting.upstream(probe)]
    name = [*formatting.labels(probe, run.names), *upstream][at]
    before = (*probe.inputs, *probe.upstream)[at]
    return Failure(
        f"`{name}` was changed in place. It belongs to somebody else, who may still need it: "
        "compute something new instead.",
        run.line,
        ("changed", at),
        Instance(probe, f"`{name}` afterwards", before, after),
    )
