"""Owns what all plans of the same exercises share: everything that does not depend on the seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graders import sketches
from graders.exercise import Exercise
from graders.extras import extras
from graders.probe import Probe
from graders.row import Row

_PLAIN = frozenset({"basic", "float64", "scalars", "shapes", "needs"})
_KEPT = 64
"""Sets of exercises whose outlines are kept; about 1 MB each."""


class Written(list[Any]):
    """Plain data that is not changed any more, with its JSON, which is not made anew each time."""

    def __init__(self, items: Sequence[Any]):
        super().__init__(items)
        self.text = json.dumps(items, separators=(",", ":"))


class Outline:
    """The probes of some exercises without their numbers, and the part of a request about them."""

    def __init__(self, exercises: Sequence[Exercise]):
        self._row = Row()
        slugs = {exercise.slug for exercise in exercises}
        asked = [one for each in exercises for one in sketches.probes(each, self._row, slugs)]
        # Those that give no points come after all the others: what happens in them costs nothing.
        more = [one for each in exercises for one in extras(each, self._row)]
        self._sketches = asked + more
        self._box = _Box()
        self.probes, self.more = _written(asked, self._box), _written(more, self._box)
        self.tensors = Written(self._box.tensors)
        self._places = torch.cat(self._box.places)
        self._views = self._box.views()

    def drawn(self, seed: bytes) -> Tensor:
        """The numbers of all tensors, one tensor after another; float64, flat."""
        return self._row.drawn(seed)[self._places]

    def filled(self, numbers: Tensor) -> tuple[Probe, ...]:
        """The probes with `numbers` in them, in the order in which they are run."""
        left = iter([numbers.as_strided(*view) for view in self._views])
        return tuple(
            sketch.filled(
                tuple(islice(left, len(sketch.inputs))), tuple(islice(left, len(sketch.upstream)))
            )
            for sketch in self._sketches
        )

    def body(self, numbers: Tensor) -> bytes:
        """All tensors as the cell wants them, each in its probe's dtype."""
        return self._box.packed(numbers)


@lru_cache(_KEPT)
def outline(exercises: tuple[Exercise, ...]) -> Outline:
    """The outline of these exercises, in their order."""
    return Outline(exercises)


class _Box:
    """Where each tensor lies on its way to a cell, and where its numbers come from."""

    def __init__(self) -> None:
        self.tensors: list[tuple[str, list[int], int]] = []
        """Dtype, shape and place in the body of each."""
        self.places: list[Tensor] = []
        self._slots: dict[str, list[tuple[int, int]]] = {"float32": [], "float64": []}
        self._bytes = self._numbers = 0

    def put(self, places: Tensor, dtype: str) -> int:
        size, width = places.numel(), np.dtype(dtype).itemsize
        self.tensors.append((dtype, list(places.shape), self._bytes))
        self.places.append(places.flatten())
        first = self._bytes // width
        self._slots[dtype] += [(first + one, self._numbers + one) for one in range(size)]
        # Eight bytes are the alignment that float64 needs.
        self._bytes += size * width + -size * width % 8
        self._numbers += size
        return len(self.tensors) - 1

    def views(self) -> list[tuple[list[int], list[int], int]]:
        """Shape, strides and start of each tensor, where all their numbers lie in a row."""
        ends = accumulate(len(places) for places in self.places)
        return [
            (shape, _strides(shape), end - len(places))
            for (_, shape, _), places, end in zip(self.tensors, self.places, ends, strict=True)
        ]

    @cached_property
    def _settled(self) -> dict[str, Any]:
        """For each dtype where in the body its numbers go, and which of all numbers they are."""
        return {
            dtype: np.array(slots, np.int64).reshape(-1, 2).T
            for dtype, slots in self._slots.items()
        }

    def packed(self, numbers: Tensor) -> bytes:
        body, given = np.zeros(self._bytes, np.uint8), numbers.numpy()
        for dtype, slots in self._settled.items():
            body.view(dtype)[slots[0]] = given[slots[1]]
        return body.tobytes()


def _strides(shape: Sequence[int]) -> list[int]:
    """Those of a contiguous tensor."""
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return strides


def _written(probes: Sequence[Probe], box: _Box) -> Written:
    """The probes as the cell wants them."""
    stages = [*map(_stage, probes), None]
    return Written(
        [
            _wire(probe, box) | {"held": stages[at] == stages[at + 1]}
            for at, probe in enumerate(probes)
        ]
    )


def _stage(probe: Probe) -> tuple[str, bool]:
    """The exercise, and whether the probe is a plain one. A cell may send the answers of one stage
    together.

    Then a file that hangs on an edge case still has its points for all the plain ones.
    """
    return probe.exercise.slug, probe.kind in _PLAIN


def _wire(probe: Probe, box: _Box) -> dict[str, object]:
    steps, outputs = probe.steps()
    return {
        "id": probe.id,
        "inputs": [
            [box.put(tensor, probe.dtype), layout, needs]
            for tensor, needs, layout in zip(probe.inputs, probe.needs, probe.layouts, strict=True)
        ],
        "steps": steps,
        "outputs": outputs,
        "upstream": [
            [box.put(tensor, probe.dtype), probe.upstream_layout] for tensor in probe.upstream
        ],
        "backwards": probe.backwards,
        "apart": probe.apart,
        "echo": probe.echo,
        "watch": list(probe.watch),
    }
