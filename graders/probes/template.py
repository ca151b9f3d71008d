"""Owns what all plans of the same exercises share: everything that does not depend on the seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import accumulate, islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graders.model.exercise import Exercise
from graders.probes import probe_set
from graders.probes.draws import Draws
from graders.probes.probe import EVERYDAY, Probe, ProbeKind
from graders.probes.unscored import unscored

_PLAIN = frozenset({*EVERYDAY, ProbeKind.NEEDS})
KEPT = 64
"""Sets of exercises whose templates are kept; about 1 MB each."""


Write = Callable[[Probe], dict[str, object]]
"""What a request of one kind says of a probe beside what it is run on."""


class Written(list[Any]):
    """Plain data that is not changed any more, with its JSON, which is not made anew each time."""

    def __init__(self, items: Sequence[Any]):
        super().__init__(items)
        self.text = json.dumps(items, separators=(",", ":"))


class WrittenTable(dict[str, Any]):
    """The same, with a name for each item."""

    def __init__(self, items: Mapping[str, Any]):
        super().__init__(items)
        self.text = json.dumps(self, separators=(",", ":"))


class Part:
    """What a request of one kind says of the probes, without their numbers."""

    def __init__(self, asked: Sequence[Probe], more: Sequence[Probe], write: Write):
        self._box = _Box()
        self.probes, self.more = (_written(probes, self._box, write) for probes in (asked, more))
        self.tensors = Written(self._box.tensors)

    def body(self, draws: Tensor) -> bytes:
        """All tensors as the cell wants them, each in its probe's dtype."""
        return self._box.packed(draws)


class Template:
    """The probes of some exercises without their numbers, and the part of each request about them.

    A direct run is asked everything; an ordinary one what only PyTorch's engine can show, or
    everything too where it is `recorded`.
    """

    def __init__(self, exercises: Sequence[Exercise], recorded: bool):
        self._row = Draws()
        slugs = {exercise.slug for exercise in exercises}
        asked = [one for each in exercises for one in probe_set.probes(each, self._row, slugs)]
        # Those that give no points come after all the others: what happens in them costs nothing.
        more = [one for each in exercises for one in unscored(each, self._row)]
        self._unfilled = asked + more
        engines = [one for one in asked if one.engine or recorded]
        self.ordinary = Part(engines, more, partial(_ordinary, recorded))
        self.direct = Part(asked, more, _direct)
        tensors = [one for probe in self._unfilled for one in (*probe.inputs, *probe.upstream)]
        self._places = torch.cat([one.flatten() for one in tensors])
        self._views = _views(tensors)

    def drawn(self, seed: bytes) -> Tensor:
        """All numbers of a plan: float64, flat."""
        return self._row.drawn(seed)

    def filled(self, draws: Tensor) -> tuple[Probe, ...]:
        """The probes with the numbers of a row in them, in the order in which they are run."""
        numbers = draws[self._places]
        left = iter([numbers.as_strided(*view) for view in self._views])
        return tuple(
            probe.filled(
                tuple(islice(left, len(probe.inputs))), tuple(islice(left, len(probe.upstream)))
            )
            for probe in self._unfilled
        )


@lru_cache(KEPT)
def template(exercises: tuple[Exercise, ...], recorded: bool = False) -> Template:
    """The template of these exercises, in their order."""
    return Template(exercises, recorded)


class _Box:
    """Where each tensor lies on its way to a cell, and where its numbers come from."""

    def __init__(self) -> None:
        self.tensors: list[tuple[str, list[int], int]] = []
        """Dtype, shape and place in the body of each."""
        self._slots: dict[str, list[tuple[int, int]]] = {"float32": [], "float64": []}
        self._bytes = 0

    def put(self, places: Tensor, dtype: str) -> int:
        size, width = places.numel(), np.dtype(dtype).itemsize
        self.tensors.append((dtype, list(places.shape), self._bytes))
        first = self._bytes // width
        self._slots[dtype] += [
            (first + at, place) for at, place in enumerate(places.flatten().tolist())
        ]
        # Eight bytes are the alignment that float64 needs.
        self._bytes += size * width + -size * width % 8
        return len(self.tensors) - 1

    @cached_property
    def _settled(self) -> dict[str, Any]:
        """For each dtype where in the body its numbers go, and where in the row they are."""
        return {
            dtype: np.array(slots, np.int64).reshape(-1, 2).T
            for dtype, slots in self._slots.items()
        }

    def packed(self, draws: Tensor) -> bytes:
        body, given = np.zeros(self._bytes, np.uint8), draws.numpy()
        for dtype, slots in self._settled.items():
            body.view(dtype)[slots[0]] = given[slots[1]]
        return body.tobytes()


def _views(tensors: Sequence[Tensor]) -> list[tuple[list[int], list[int], int]]:
    """Shape, strides and start of each tensor, where all their numbers lie in a row."""
    ends = accumulate(tensor.numel() for tensor in tensors)
    return [
        (list(tensor.shape), _strides(tensor.shape), end - tensor.numel())
        for tensor, end in zip(tensors, ends, strict=True)
    ]


def _strides(shape: Sequence[int]) -> list[int]:
    """Those of a contiguous tensor."""
    strides: list[int] = []
    step = 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return strides


def _written(probes: Sequence[Probe], box: _Box, write: Write) -> Written:
    """The probes as the cell wants them."""
    stages = [*map(_stage, probes), None]
    return Written(
        [
            _wire(probe, box) | write(probe) | {"held": stages[at] == stages[at + 1]}
            for at, probe in enumerate(probes)
        ]
    )


def _stage(probe: Probe) -> tuple[str, bool]:
    """The exercise, and whether the probe is a plain one. A cell may send the answers of one stage
    together.

    Then a file that hangs on an edge case still has its points for all the plain ones.
    """
    return probe.exercise.slug, probe.kind in _PLAIN


def _ordinary(recorded: bool, probe: Probe) -> dict[str, object]:
    return {"watch": ["graph"] * ("graph" in probe.watch) + ["record"] * recorded}


def _direct(probe: Probe) -> dict[str, object]:
    return {"watch": ["operations"] * ("operations" in probe.watch)}


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
    }
