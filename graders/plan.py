"""Owns what a submission is asked: fresh probes, drawn from the submission's secret seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch
from torch import Tensor

from graders.exercise import Exercise, Shapes
from graders.exercises import EXERCISES
from graders.probe import Probe, upstream_shapes

_POOL = 1024
"""Random numbers drawn for an exercise; its probes take them one after another, and around."""
_UPSTREAM = (1.25, 2.5)
"""Least and greatest magnitude of an upstream gradient: never 1, which would hide its loss."""
_DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True, slots=True)
class Plan:
    """All probes of one submission, in the order in which they are run."""

    slugs: tuple[str, ...]
    probes: tuple[Probe, ...]

    def of(self, slug: str) -> list[Probe]:
        """The probes of one exercise."""
        return [probe for probe in self.probes if probe.exercise.slug == slug]

    def request(self, source: bytes) -> tuple[dict[str, Any], bytes]:
        """The header of the request to a cell (limits are for its caller to add), and its body."""
        box = _Box()
        probes = [_wire(probe, box) for probe in self.probes]
        header = {
            "v": 1,
            "source": len(source),
            "entries": {slug: _names(slug) for slug in self._called()},
            "tensors": box.tensors,
            "probes": probes,
        }
        return header, source + b"".join(box.data)

    def _called(self) -> list[str]:
        """Slugs of the exercises whose entries are looked for, steps' included."""
        called = dict.fromkeys(slug for slug in self.slugs if not EXERCISES[slug].steps)
        for slug in self.slugs:
            called |= dict.fromkeys(step.entry for step in EXERCISES[slug].steps)
        return list(called)


class _Box:
    """Tensor data on its way to a cell, and where each tensor lies in it."""

    def __init__(self) -> None:
        self.tensors: list[dict[str, object]] = []
        self.data: list[bytes] = []
        self._end = 0

    def put(self, tensor: Tensor, dtype: str) -> int:
        data = tensor.to(_DTYPES[dtype]).numpy().tobytes()
        self.tensors.append({"dtype": dtype, "shape": list(tensor.shape), "at": self._end})
        self.data.append(data)
        # Eight bytes are the alignment that float64 needs.
        padding = -len(data) % 8
        self.data.append(bytes(padding))
        self._end += len(data) + padding
        return len(self.tensors) - 1


def _names(slug: str) -> dict[str, object]:
    exercise = EXERCISES[slug]
    return {"names": list(exercise.entries), "inputs": len(exercise.inputs)}


def _wire(probe: Probe, box: _Box) -> dict[str, object]:
    steps, outputs = probe.steps()
    return {
        "id": probe.id,
        "slug": probe.exercise.slug,
        "inputs": [
            {"tensor": box.put(tensor, probe.dtype), "requires_grad": needs, "layout": layout}
            for tensor, needs, layout in zip(probe.inputs, probe.needs, probe.layouts, strict=True)
        ],
        "steps": steps,
        "outputs": outputs,
        "upstream": [
            {"tensor": box.put(tensor, probe.dtype), "layout": probe.upstream_layout}
            for tensor in probe.upstream
        ],
        "backwards": probe.backwards,
        "echo": probe.echo,
        "watch": list(probe.watch),
    }


class _Numbers:
    """Random numbers of one exercise, with few decimals so that people can read them."""

    def __init__(self, exercise: Exercise, seed: bytes):
        digest = hashlib.blake2b(exercise.slug.encode(), key=seed[:64], digest_size=7).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(digest, "big"))
        drawn = torch.rand(3, _POOL, generator=generator, dtype=torch.float64)
        sign = torch.where(drawn[2] < 0.5, -1.0, 1.0)
        self._pools = {}
        for kind, row, (low, high) in (("input", 0, exercise.values), ("upstream", 1, _UPSTREAM)):
            exact = ((low + (high - low) * drawn[row]) * sign).round(decimals=2)
            self._pools[kind, "float64"] = exact
            self._pools[kind, "float32"] = exact.float().double()
        self._extremes = torch.tensor(exercise.extremes, dtype=torch.float32).double()
        self._at = 0

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """A float64 tensor of numbers that `dtype` holds exactly."""
        size = 1
        for length in shape:
            size *= length
        if self._at + size > _POOL:
            self._at = 0
        self._at += size
        return self._pools[kind, dtype][self._at - size : self._at].view(shape)

    def extreme(self, number: int, shape: tuple[int, ...]) -> Tensor:
        """The exercise's extreme magnitudes in turn; each input starts at another one."""
        flat = torch.arange(max(1, torch.Size(shape).numel())) * (number + 1) + number
        return self._extremes[flat % len(self._extremes)].view(shape)


class _Drawer:
    """Draws the probes of one exercise."""

    def __init__(self, exercise: Exercise, seed: bytes):
        self.exercise = exercise
        self.numbers = _Numbers(exercise, seed)

    def probe(
        self,
        name: str,
        shapes: Shapes,
        *,
        dtype: str = "float32",
        calls: tuple[tuple[int, ...], ...] = (),
        needs: tuple[bool, ...] = (),
        inputs: tuple[Tensor, ...] = (),
        layout: str = "contiguous",
        upstream_layout: str = "contiguous",
        backwards: int = 1,
        echo: bool = False,
        watch: tuple[str, ...] = (),
    ) -> Probe:
        """A probe with fresh numbers; what is left out is plain."""
        inputs = inputs or tuple(self.numbers.draw("input", shape, dtype) for shape in shapes)
        calls = calls or (tuple(range(len(inputs))),)
        needs = needs or (True,) * len(inputs)
        return Probe(
            id=f"{self.exercise.slug}/{name}",
            exercise=self.exercise,
            dtype=dtype,
            inputs=inputs,
            needs=needs,
            calls=calls,
            upstream=self._upstream(inputs, calls, dtype, upstream_layout) if any(needs) else (),
            layouts=tuple(_laid_out(layout, shape.dim()) for shape in inputs),
            upstream_layout=upstream_layout,
            backwards=backwards if any(needs) else 0,
            echo=echo,
            watch=watch,
        )

    def _upstream(
        self, inputs: tuple[Tensor, ...], calls: Sequence[Sequence[int]], dtype: str, layout: str
    ) -> tuple[Tensor, ...]:
        upstream = []
        for args in calls:
            shape = upstream_shapes(self.exercise, [inputs[at] for at in args])
            if layout == "expanded":
                row = shape[-1:] if len(shape) > 1 else (1,)
                upstream.append(self.numbers.draw("upstream", row, dtype).expand(shape))
            else:
                upstream.append(self.numbers.draw("upstream", shape, dtype))
        return tuple(upstream)


def _laid_out(layout: str, dimensions: int) -> str:
    if layout == "contiguous" or dimensions == 0:
        return "contiguous"
    return "strided" if dimensions == 1 else "transposed"


def _probes(exercise: Exercise, seed: bytes) -> Iterator[Probe]:
    """All probes of one exercise, the plainest first, so that a crash costs as little as it can."""
    drawer = _Drawer(exercise, seed)
    plain, *others = exercise.shapes
    yield drawer.probe("basic", plain, echo=True, watch=("calls", "graph"))
    closely = ("calls", "graph", "recording")
    yield drawer.probe("float64", plain, dtype="float64", echo=True, watch=closely)
    for number, shapes in enumerate(others):
        kind = "shapes" if any(shapes) else "scalars"
        yield drawer.probe(f"{kind}/{number}", shapes, echo=True, watch=("calls",))
    for needs in product((True, False), repeat=len(exercise.inputs)):
        if not all(needs):
            name = "".join("01"[need] for need in needs)
            yield drawer.probe(f"needs/{name}", plain, needs=needs, watch=("calls",))
    yield from _edges(drawer, plain, max(exercise.shapes, key=_rank))


def _rank(shapes: Shapes) -> int:
    return max(len(shape) for shape in shapes)


def _edges(drawer: _Drawer, plain: Shapes, deep: Shapes) -> Iterator[Probe]:
    """The probes of the robustness family; `deep` has the most dimensions."""
    count = len(plain)
    every = tuple(range(count))
    if count > 1 and plain[0] == plain[-1]:
        yield drawer.probe("input-twice", plain[:-1], calls=((*every[:-1], 0),))
    else:
        again = tuple(0 if at == 0 else count - 1 + at for at in every)
        yield drawer.probe("input-twice", (*plain, *plain[1:]), calls=(every, again))
    two = (every, tuple(count + at for at in every))
    yield drawer.probe("two-calls", (*plain, *plain), calls=two)
    yield drawer.probe("backward-twice", plain, backwards=2)
    yield drawer.probe("non-contiguous", deep, layout="other")
    if upstream_shapes(drawer.exercise, [torch.zeros(shape) for shape in deep]):
        yield drawer.probe("expanded-upstream", deep, upstream_layout="expanded")
    extreme = tuple(drawer.numbers.extreme(at, shape) for at, shape in enumerate(plain))
    yield drawer.probe("extreme", plain, inputs=extreme)
    yield drawer.probe("empty", drawer.exercise.empty)


def plan(slugs: Sequence[str], seed: bytes) -> Plan:
    """The probes for these exercises; the same seed gives the same ones. Raises KeyError."""
    probes = [probe for slug in slugs for probe in _probes(EXERCISES[slug], seed)]
    return Plan(tuple(slugs), tuple(probes))
