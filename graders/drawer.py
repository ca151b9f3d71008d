"""Owns how a probe is sketched: everything about it but its numbers, which are places in a row."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from graders.exercise import Exercise, Shapes
from graders.probe import Probe, upstream_shape
from graders.row import Source


class Drawer:
    """Sketches probes of one exercise: their tensors hold places."""

    def __init__(self, exercise: Exercise, numbers: Source):
        self.exercise = exercise
        self.numbers = numbers

    def probe(
        self,
        name: str,
        shapes: Shapes,
        *,
        dtype: str = "float32",
        calls: tuple[tuple[int, ...], ...] = (),
        needs: tuple[bool, ...] = (),
        inputs: tuple[Tensor, ...] = (),
        upstream: tuple[Tensor, ...] = (),
        layout: str = "contiguous",
        upstream_layout: str = "contiguous",
        backwards: int = 1,
        apart: bool = False,
        echo: bool = True,
        engine: bool = False,
        watch: tuple[str, ...] = (),
    ) -> Probe:
        """A probe of numbers not yet used; what is left out is plain."""
        inputs = inputs or tuple(self.numbers.draw("input", shape, dtype) for shape in shapes)
        calls = calls or (tuple(range(len(inputs))),)
        needs = needs or (True,) * len(inputs)
        if any(needs) and not upstream:
            upstream = self._upstream(inputs, calls, dtype, upstream_layout)
        return Probe(
            id=f"{self.exercise.slug}/{name}",
            exercise=self.exercise,
            dtype=dtype,
            inputs=inputs,
            needs=needs,
            calls=calls,
            upstream=upstream,
            layouts=tuple(_laid_out(layout, shape.dim()) for shape in inputs),
            upstream_layout=upstream_layout,
            backwards=backwards if any(needs) else 0,
            apart=apart,
            echo=echo,
            engine=engine,
            watch=watch,
        )

    def _upstream(
        self, inputs: tuple[Tensor, ...], calls: Sequence[Sequence[int]], dtype: str, layout: str
    ) -> tuple[Tensor, ...]:
        upstream = []
        for args in calls:
            shape = upstream_shape(self.exercise, [tuple(inputs[at].shape) for at in args])
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
