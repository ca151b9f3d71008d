"""Owns what a submission is asked: fresh probes, drawn from the submission's secret seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import torch
from torch import Tensor

from graders.drawer import Drawer, Numbers
from graders.exercise import Exercise, Shapes
from graders.exercises import EXERCISES
from graders.extras import EXTRA, extras
from graders.probe import Probe, upstream_shapes

_PLAIN = frozenset({"basic", "float64", "scalars", "shapes", "needs"})
_FAR = {"large": 1e6, "tiny": 1e-12}
"""Factors of upstream gradients, for those who clip large ones or drop small ones."""


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
        stages = [_stage(probe) for probe in self.probes]
        probes = [
            _wire(probe, box) | {"held": stage == following}
            for probe, stage, following in zip(
                self.probes, stages, [*stages[1:], None], strict=True
            )
        ]
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
        data = tensor.numpy().astype(dtype).tobytes()
        self.tensors.append({"dtype": dtype, "shape": list(tensor.shape), "at": self._end})
        self.data.append(data)
        # Eight bytes are the alignment that float64 needs.
        padding = -len(data) % 8
        self.data.append(bytes(padding))
        self._end += len(data) + padding
        return len(self.tensors) - 1


def _stage(probe: Probe) -> tuple[str, str]:
    """The exercise, and what the probe is for. A cell may send the answers of one stage together.

    Then a file that hangs on an edge case still has its points for all the plain ones.
    """
    slug, kind = probe.id.split("/")[:2]
    purpose = "plain" if kind in _PLAIN else "extra" if kind in EXTRA else "edge"
    return slug, purpose


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
        "apart": probe.apart,
        "echo": probe.echo,
        "watch": list(probe.watch),
    }


def _probes(exercise: Exercise, seed: bytes) -> Iterator[Probe]:
    """An exercise's probes, the plainest first, so that a crash costs as little as it can."""
    numbers = Numbers(exercise, seed)
    drawer = Drawer(exercise, numbers)
    plain, *others = exercise.shapes
    yield drawer.probe("basic", plain, watch=("calls", "graph", "record"))
    seen = ("calls", "record")
    yield drawer.probe("float64", plain, dtype="float64", watch=seen)
    for number, shapes in enumerate(others):
        kind = "shapes" if any(shapes) else "scalars"
        yield drawer.probe(f"{kind}/{number}", shapes, watch=seen)
    for needs in product((True, False), repeat=len(exercise.inputs)):
        if not all(needs):
            name = "".join("01"[need] for need in needs)
            yield drawer.probe(f"needs/{name}", plain, needs=needs, watch=seen)
    yield from _edges(drawer, numbers, plain, max(exercise.shapes, key=_rank))


def _rank(shapes: Shapes) -> int:
    return max(len(shape) for shape in shapes)


def _edges(drawer: Drawer, numbers: Numbers, plain: Shapes, deep: Shapes) -> Iterator[Probe]:
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
    yield drawer.probe("two-calls/apart", (*plain, *plain), calls=two, apart=True)
    yield drawer.probe("backward-twice", plain, backwards=2)
    yield drawer.probe("non-contiguous", deep, layout="other")
    if upstream_shapes(drawer.exercise, [torch.zeros(shape) for shape in deep]):
        yield drawer.probe("expanded-upstream", deep, upstream_layout="expanded")
    extreme = tuple(numbers.extreme(at, shape) for at, shape in enumerate(plain))
    yield drawer.probe("extreme", plain, inputs=extreme)
    shape = upstream_shapes(drawer.exercise, [torch.zeros(shape) for shape in plain])
    for name, factor in _FAR.items():
        upstream = (numbers.far_upstream(shape, factor),)
        yield drawer.probe(f"extreme/{name}", plain, upstream=upstream)
    yield drawer.probe("empty", drawer.exercise.empty)


def plan(slugs: Sequence[str], seed: bytes) -> Plan:
    """The probes for these exercises; the same seed gives the same ones. Raises KeyError.

    Those that give no points come after all the others: what happens in them costs nothing.
    """
    probes = [
        probe
        for drawn in (_probes, extras)
        for slug in slugs
        for probe in drawn(EXERCISES[slug], seed)
    ]
    return Plan(tuple(slugs), tuple(probes))
