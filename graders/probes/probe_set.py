"""Owns which probes an exercise has. They hold no numbers yet, but places in a row of them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import product

from graders.model.exercise import Exercise, Shapes
from graders.probes.builder import ProbeBuilder
from graders.probes.draws import Draws
from graders.probes.magnitudes import FAR, Numbers
from graders.probes.probe import Probe, ProbeKind, upstream_shape


def probes(exercise: Exercise, draws: Draws, beside: Container[str] = ()) -> Iterator[Probe]:
    """An exercise's probes, the plainest first, so that a crash costs as little as it can.

    `beside` holds the slugs of the exercises that are asked for in the same submission. What those
    show of each step of a composition, the composition is not asked again.
    """
    numbers = Numbers(exercise, draws)
    builder = ProbeBuilder(exercise, numbers)
    plain, *others = exercise.shapes
    steps_are_asked = bool(exercise.steps) and all(step.entry in beside for step in exercise.steps)
    if steps_are_asked:
        others = []
    yield builder.probe(ProbeKind.BASIC, plain, engine=True, watch=("graph", "operations"))
    if not steps_are_asked:
        yield builder.probe(ProbeKind.FLOAT64, plain, dtype="float64")
    for number, shapes in enumerate(others):
        kind = ProbeKind.SHAPES if any(shapes) else ProbeKind.SCALARS
        yield builder.probe(f"{kind}/{number}", shapes)
    for needs in product((True, False), repeat=len(exercise.inputs)):
        if not all(needs):
            name = "".join("01"[need] for need in needs)
            yield builder.probe(f"{ProbeKind.NEEDS}/{name}", plain, needs=needs, engine=True)
    yield from _together(builder, plain)
    if not steps_are_asked:
        yield builder.probe(ProbeKind.BACKWARD_TWICE, plain, backwards=2, engine=True)
        yield from _edges(builder, numbers, plain, max(exercise.shapes, key=_rank))


def _rank(shapes: Shapes) -> int:
    return max(len(shape) for shape in shapes)


def _together(builder: ProbeBuilder, plain: Shapes) -> Iterator[Probe]:
    """The probes of the robustness family in which one thing is used several times."""
    count = len(plain)
    every = tuple(range(count))
    if count > 1 and plain[0] == plain[-1]:
        yield builder.probe(
            ProbeKind.INPUT_TWICE, plain[:-1], calls=((*every[:-1], 0),), engine=True
        )
    else:
        again = tuple(0 if at == 0 else count - 1 + at for at in every)
        shapes = (*plain, *plain[1:])
        yield builder.probe(ProbeKind.INPUT_TWICE, shapes, calls=(every, again), engine=True)
    three = tuple(tuple(call * count + at for at in every) for call in range(3))
    shapes, needs = (*plain, *_longer(plain), *plain), _mixed(count)
    yield builder.probe(
        ProbeKind.TWO_CALLS, shapes, calls=three, needs=needs, apart=True, engine=True
    )


def _longer(shapes: Shapes) -> Shapes:
    """Every length one more, so that what fits together still does."""
    return tuple(tuple(length + 1 for length in shape) for shape in shapes)


def _mixed(count: int) -> tuple[bool, ...]:
    """Which of the inputs of three calls need gradients: all, then every other one, then the rest.

    Whoever keeps the shape of a call, or what its inputs need, where the next one overwrites it is
    wrong in the one or in the other.
    """
    if count == 1:
        return (True,) * 3
    return tuple(call == 0 or at % 2 == call % 2 for call in range(3) for at in range(count))


def _edges(builder: ProbeBuilder, numbers: Numbers, plain: Shapes, deep: Shapes) -> Iterator[Probe]:
    """The probes of the robustness family with odd inputs; `deep` has the most dimensions."""
    seen_everywhere = "expanded" if upstream_shape(builder.exercise, deep) else "contiguous"
    yield builder.probe(
        ProbeKind.NON_CONTIGUOUS, deep, layout="other", upstream_layout=seen_everywhere, engine=True
    )
    extreme = tuple(numbers.extreme(at, shape) for at, shape in enumerate(plain))
    large, tiny = (
        numbers.far_upstream(upstream_shape(builder.exercise, plain), far) for far in FAR
    )
    yield builder.probe(ProbeKind.EXTREME, plain, inputs=extreme, upstream=(large,))
    yield builder.probe(f"{ProbeKind.EXTREME}/tiny", plain, upstream=(tiny,))
    yield builder.probe(ProbeKind.EMPTY, builder.exercise.empty)
