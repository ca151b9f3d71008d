"""Owns how a probe is made: all but its numbers, for which it has places in a row of them."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from graders.model.exercise import Exercise, Shapes
from graders.probes.draws import NumberSource
from graders.probes.probe import Probe, upstream_shape


class ProbeBuilder:
    """Makes probes of one exercise, whose tensors hold places."""

    def __init__(self, exercise: Exercise, numbers: NumberSource):
        self.exercise = exercise
        self.numbers = numbers
        self._turn = -1

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
        self._turn += 1
        calls = calls or (tuple(range(len(inputs or shapes))),)
        inputs = inputs or self._inputs(shapes, calls, dtype)
        needs = needs or (True,) * len(inputs)
        upstream = upstream or self._upstream(inputs, needs, calls, dtype, upstream_layout)
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

    def _inputs(
        self, shapes: Shapes, calls: Sequence[Sequence[int]], dtype: str
    ) -> tuple[Tensor, ...]:
        """Each drawn for the first call that it is in."""
        drawn: dict[int, Tensor] = {}
        for number, args in enumerate(calls, self._turn):
            for place, at in enumerate(args):
                if at not in drawn:
                    drawn[at] = self.numbers.draw("input", shapes[at], dtype, place, number)
        return tuple(drawn[at] for at in range(len(shapes)))

    def _upstream(
        self,
        inputs: tuple[Tensor, ...],
        needs: tuple[bool, ...],
        calls: Sequence[Sequence[int]],
        dtype: str,
        layout: str,
    ) -> tuple[Tensor, ...]:
        """One for each call; none where nothing needs a gradient."""
        upstream: list[Tensor] = []
        for turn, args in enumerate(calls if any(needs) else (), self._turn):
            shape = upstream_shape(self.exercise, [tuple(inputs[at].shape) for at in args])
            if layout == "expanded":
                draws = shape[-1:] if len(shape) > 1 else (1,)
                upstream.append(
                    self.numbers.draw("upstream", draws, dtype, turn=turn).expand(shape)
                )
            else:
                upstream.append(self.numbers.draw("upstream", shape, dtype, turn=turn))
        return tuple(upstream)


def _laid_out(layout: str, dimensions: int) -> str:
    if layout == "contiguous" or dimensions == 0:
        return "contiguous"
    return "strided" if dimensions == 1 else "transposed"
