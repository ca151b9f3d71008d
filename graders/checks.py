"""Owns the catalogue of checks: their names, families, weights, and which probes each looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from graders import autograd_use, contract, showing
from graders.case import Case
from graders.evidence import Oddity, ProbeResult
from graders.fault import Fault, Instance
from graders.probe import Probe


@dataclass(frozen=True, slots=True)
class Spec:
    """One check. `weight` is its share within its family; a `gate` blocks what comes after it."""

    name: str
    family: str
    weight: float
    look: Callable[[Case], Fault | None]
    gate: bool = False


def catalogue(case: Case) -> tuple[Spec, ...]:
    """The checks of an exercise, in the order in which they are judged and shown."""
    return (*_contract(), *_forward(case), *_gradient(case), *_requires_grad(), *_robustness(case))


def _contract() -> Iterator[Spec]:
    yield Spec("entry", "contract", 1, contract.entry, gate=True)
    yield Spec("own-function", "contract", 1, contract.own_function, gate=True)
    yield Spec("static-methods", "contract", 1, contract.static_methods)
    yield Spec("one-gradient-each", "contract", 1, contract.one_gradient_each)


def _forward(case: Case) -> Iterator[Spec]:
    yield Spec("values", "forward", 2, partial(_forwards, start="basic"), gate=True)
    if case.named("float64"):
        yield Spec("dtype", "forward", 1, _dtypes)
    for kind in ("scalars", "shapes"):
        if case.named(kind):
            yield Spec(kind, "forward", 1, partial(_forwards, start=kind))


def _gradient(case: Case) -> Iterator[Spec]:
    # Worth nothing by itself: it can only take away what the others in the family give.
    yield Spec("without-autograd", "gradient", 0, autograd_use.fault, gate=True)
    inputs = case.exercise.inputs
    for at, name in enumerate(inputs):
        look = partial(_gradients, start="basic", only=at)
        yield Spec(f"gradient-{name}", "gradient", 4 / len(inputs), look, gate=True)
    for kind in ("float64", "scalars", "shapes"):
        if case.named(kind):
            yield Spec(kind, "gradient", 1, partial(_gradients, start=kind))


def _requires_grad() -> Iterator[Spec]:
    yield Spec("right-results", "requires_grad", 3, partial(_everything, start="needs/"))
    yield Spec("nothing-for-nothing", "requires_grad", 1, _wasted)


def _robustness(case: Case) -> Iterator[Spec]:
    for name in filter(case.named, ("input-twice", "two-calls", "backward-twice")):
        yield Spec(name, "robustness", 1, partial(_everything, start=name))
    yield Spec("unchanged", "robustness", 1, _changed)
    for name in filter(case.named, ("non-contiguous", "extreme", "empty")):
        yield Spec(name, "robustness", 1, partial(_everything, start=name))


def _forwards(case: Case, start: str) -> Fault | None:
    return next(filter(None, map(case.forward_fault, case.named(start))), None)


def _gradients(case: Case, start: str, only: int | None = None) -> Fault | None:
    faults = (case.gradient_fault(probe, only) for probe in case.named(start))
    return next(filter(None, faults), None)


def _everything(case: Case, start: str) -> Fault | None:
    """Results and gradients; a needed gradient may be missing only where nothing needs one."""
    for probe in case.named(start):
        if fault := case.forward_fault(probe) or case.gradient_fault(probe):
            return fault
    return None


def _dtypes(case: Case) -> Fault | None:
    """The result has the dtype of the inputs, and the precision that goes with it."""
    for name in ("basic", "float64"):
        probe = case.probes[name]
        if fault := case.forward_fault(probe):
            return fault
        for got in (one for result in case.results(probe) for one in result.outputs):
            dtype = str(getattr(got, "dtype", "")).removeprefix("torch.")
            if dtype != probe.dtype:
                message = f"{case.spoken} returned {dtype} for inputs of {probe.dtype}."
                return Fault(message, case.line)
    return None


def _wasted(case: Case) -> Fault | None:
    """No gradient is computed for an input that needs none."""
    for probe in case.named("needs/"):
        if fault := case.not_run(probe):
            return fault
        result = case.result(probe)
        assert result is not None
        for call in result.calls:
            if call.which != "backward":
                continue
            for at, (needed, nothing) in enumerate(zip(call.needs, call.none, strict=False)):
                if not needed and not nothing:
                    got = call.returned[at] if at < len(call.returned) else None
                    did = (
                        f"returned a {got.kind}"
                        if isinstance(got, Oddity)
                        else "returned a gradient"
                    )
                    return Fault(
                        f"`{call.cls}.backward` {did} for its input number {at + 1}, which needs "
                        "none. Look at `ctx.needs_input_grad` and return None there.",
                        call.line,
                    )
    return None


def _changed(case: Case) -> Fault | None:
    """Inputs and upstream gradients are after a run what they were before it."""
    for probe in sorted(case.probes.values(), key=lambda probe: probe.size):
        # What did not run has a check of its own to say so.
        for result in case.results(probe) if probe.echo else ():
            if fault := _changed_in(case, probe, result):
                return fault
    return None


def _changed_in(case: Case, probe: Probe, result: ProbeResult) -> Fault | None:
    sent = (*probe.inputs, *probe.upstream)
    for at, (before, after) in enumerate(zip(sent, result.echo, strict=False)):
        if not torch.equal(before, after.double()):
            return _changed_words(case, probe, at, after)
    for was, now in zip(result.outputs, result.outputs_after, strict=False):
        if not _stayed(was, now):
            return _changed_result(case, probe, was, now)
    return None


def _stayed(was: Tensor | Oddity, now: Tensor | Oddity) -> bool:
    if isinstance(was, Oddity) or isinstance(now, Oddity):
        return True
    return was.shape == now.shape and bool(torch.isclose(was, now, 0, 0, equal_nan=True).all())


def _changed_result(case: Case, probe: Probe, was: Tensor | Oddity, now: Tensor | Oddity) -> Fault:
    assert isinstance(was, Tensor)
    return Fault(
        "`backward` changed the result of `forward` in place. It belongs to somebody else, who may "
        "still need it: compute something new instead.",
        case.line,
        ("changed result",),
        Instance(probe, "result of forward afterwards", was, now),
    )


def _changed_words(case: Case, probe: Probe, at: int, after: Tensor) -> Fault:
    upstream = [shown["name"] for shown in showing.upstream(probe)]
    name = [*showing.labels(probe, case.names), *upstream][at]
    before = (*probe.inputs, *probe.upstream)[at]
    return Fault(
        f"`{name}` was changed in place. It belongs to somebody else, who may still need it: "
        "compute something new instead.",
        case.line,
        ("changed", at),
        Instance(probe, f"`{name}` afterwards", before, after),
    )
