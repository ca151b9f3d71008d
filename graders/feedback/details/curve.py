"""Owns the curve of an elementwise function: the truth beside what came, over a range of inputs."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from graders.judging.exercise_run import ExerciseRun
from graders.model.comparison import difference
from graders.model.evidence import Oddity
from graders.probes.probe import ProbeKind
from graders.probes.unscored import UPSTREAM

_DIGITS = 6
_GRADIENT = f"gradient where dzdy is {UPSTREAM:g}"


def curve(run: ExerciseRun) -> dict[str, Any] | None:
    """The result over the range if that is wrong, else the gradient if that is; else None."""
    probe = run.probes.get(ProbeKind.CURVE)
    result = run.result(probe) if probe else None
    if probe is None or result is None or (result.error and result.error.phase == "forward"):
        return None
    truth = probe.truth
    for what, came, wanted in (
        ("result", result.outputs, truth.outputs),
        (_GRADIENT, result.grads, truth.grads),
    ):
        if not came:
            continue
        got, want = came[0], wanted[0]
        assert isinstance(want, Tensor)
        off = difference(got, want, probe.dtype)
        if off is not None and off.kind == "values":
            return {
                "input": run.names[0],
                "what": what,
                "x": _plain(probe.inputs[0]),
                "expected": _plain(want),
                "got": _plain(got),
            }
    return None


def _plain(values: Tensor | Oddity | None) -> list[float | None]:
    """Numbers with few digits; None for what cannot be drawn."""
    assert isinstance(values, Tensor)
    return [rounded(value) for value in values.double().tolist()]


def rounded(value: float) -> float | None:
    """A number with few digits, None for NaN and infinity."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
