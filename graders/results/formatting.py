"""Owns how tensors and numbers are written for people and for JSON."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from graders.model.evidence import Oddity
from graders.model.formulas import Undefined
from graders.probes.probe import Probe
from graders.results.report import Shown

_MOST = 24
"""Numbers of one tensor that are shown."""
_DIGITS = {"float32": 6, "float64": 10}


def number(value: float, digits: int = 5) -> str:
    """A number with few digits: 0.25, -3.1, nan."""
    return f"{value:.{digits}g}"


def pair(got: float, want: float) -> tuple[str, str]:
    """Two numbers with as many digits as tell them apart."""
    for digits in (4, 6, 8, 12):
        if number(got, digits) != number(want, digits):
            return number(got, digits), number(want, digits)
    return number(got, 17), number(want, 17)


def _plain(value: Any, digits: int) -> Any:
    if isinstance(value, list):
        return [_plain(item, digits) for item in value]
    if isinstance(value, bool):
        return value
    if not math.isfinite(value):
        return str(value)
    return float(f"{value:.{digits}g}")


def shown(value: Tensor | Oddity | Undefined | None, name: str, dtype: str = "") -> Shown | None:
    """A value for JSON; `dtype` overrides a tensor's own. None for nothing at all."""
    if value is None or isinstance(value, Undefined):
        return None
    if isinstance(value, Oddity):
        return {"name": name, "dtype": value.kind, "shape": [], "values": None}
    dtype = dtype or str(value.dtype).removeprefix("torch.")
    # Without elements, nested lists would show the shape once more, however long it is.
    kept = value if 0 < value.numel() <= _MOST else value.reshape(-1)[:_MOST]
    values = None if value.is_complex() else _plain(kept.tolist(), _DIGITS.get(dtype, 6))
    return {"name": name, "dtype": dtype, "shape": list(value.shape), "values": values}


def labels(probe: Probe, names: tuple[str, ...]) -> list[str]:
    """What each of a probe's inputs is called; those of a second call have a prime."""
    found: dict[int, str] = {}
    for number_of_call, args in enumerate(probe.calls):
        for name, at in zip(names, args, strict=False):
            found.setdefault(at, name + "'" * number_of_call)
    return [found.get(at, f"input {at + 1}") for at in range(len(probe.inputs))]


def inputs(probe: Probe, names: tuple[str, ...]) -> tuple[Shown, ...]:
    """A probe's inputs."""
    return tuple(
        {**(shown(tensor, label, probe.dtype) or {})}
        for tensor, label in zip(probe.inputs, labels(probe, names), strict=True)
    )


def upstream(probe: Probe) -> tuple[Shown, ...]:
    """What comes from upstream, one for each call."""
    return tuple(
        {**(shown(tensor, "dzdy" + "'" * at, probe.dtype) or {})}
        for at, tensor in enumerate(probe.upstream)
    )


def kind(of: Oddity) -> str:
    """What came in place of an ordinary tensor: "an int"."""
    return f"{'an' if of.kind[:1] in 'aeiou' else 'a'} {of.kind}"


def shape(of: Tensor) -> str:
    """A shape in words: "shape (2, 3)", "a single number, shape ()"."""
    return f"shape {tuple(of.shape)}" if of.dim() else "a single number, shape ()"


def shapes(probe: Probe, names: tuple[str, ...], *, upstream: bool = False) -> str:
    """The shapes of what a probe puts in, as a sentence; with what comes from upstream, or not."""
    given = [*zip(labels(probe, names), probe.inputs, strict=True)]
    if upstream:
        given += [("dzdy" + "'" * at, tensor) for at, tensor in enumerate(probe.upstream)]
    (first, tensor), *others = given
    told = [f"`{first}` has shape {tuple(tensor.shape)}"]
    told += [f"`{name}` {tuple(tensor.shape)}" for name, tensor in others]
    return f"Here {' and '.join(filter(None, (', '.join(told[:-1]), told[-1])))}."
