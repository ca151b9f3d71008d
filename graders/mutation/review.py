"""Owns the review of one exercise: everything that is weak in it, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.autograd.gradcheck import GradcheckError, gradcheck

from graders.exercises import standing_in
from graders.model.exercise import Exercise, Shapes
from graders.model.formulas import Undefined, rule
from graders.mutation.grading import Run, grade
from graders.mutation.luck import SeededProbes, wrong_files
from graders.mutation.outcomes import SEEDS, Bench
from graders.mutation.styled import look, sources
from graders.mutation.writing.nothing import null_submissions

FEWEST = 4
"""Misconceptions that an exercise is expected to declare."""
Look = Callable[[Run, Exercise], Iterator[str]]


def review(run: Run, exercise: Exercise) -> Iterator[tuple[str, list[str]]]:
    """Each thing looked at, and what is weak about it. Raises ValueError for a bad exercise."""
    with standing_in(exercise):
        for name, looked in LOOKS.items():
            yield name, list(looked(run, exercise))


def _gradients(_: Run, exercise: Exercise) -> Iterator[str]:
    for shapes in exercise.shapes:
        inputs = _numbers(exercise, shapes)
        try:
            gradcheck(_as_function(exercise), inputs, atol=1e-4, rtol=1e-3)
        except (GradcheckError, RuntimeError) as error:
            first = str(error).strip().splitlines()[0]
            yield f"on shapes {shapes}: {first}"


def _numbers(exercise: Exercise, shapes: Shapes) -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    low, high = exercise.values
    drawn = []
    for shape in shapes:
        size, sign = (torch.rand(shape, generator=generator, dtype=torch.float64) for _ in "12")
        number = (low + (high - low) * size) * torch.where(sign < 0.5, -1.0, 1.0)
        drawn.append(number.requires_grad_())
    return drawn


def _as_function(exercise: Exercise) -> Callable[..., Tensor]:
    """A Function made of the exercise's own formulas, for gradcheck."""
    by = rule(exercise)

    class Formulas(torch.autograd.Function):
        @staticmethod
        def forward(ctx: torch.autograd.function.FunctionCtx, *inputs: Tensor) -> Tensor:
            output = by.forward(inputs)
            if isinstance(output, Undefined):
                raise RuntimeError("the reference fails")
            ctx.save_for_backward(*inputs, output)
            return output.clone()

        @staticmethod
        def backward(
            ctx: torch.autograd.function.FunctionCtx, *upstream: Tensor
        ) -> tuple[Tensor, ...]:
            *inputs, output = ctx.saved_tensors  # type: ignore[attr-defined]
            found = [by.gradient(at, inputs, output, upstream[0]) for at in range(len(inputs))]
            if not all(isinstance(one, Tensor) for one in found):
                raise RuntimeError("the formula of a gradient fails")
            return tuple(one for one in found if isinstance(one, Tensor))

    apply: Callable[..., Tensor] = Formulas.apply
    return apply


def _cases(_: Run, exercise: Exercise) -> Iterator[str]:
    for shapes in (*exercise.shapes, exercise.empty):
        inputs = [torch.ones(shape, dtype=torch.float64) for shape in shapes]
        if not isinstance(rule(exercise).forward(inputs), Tensor):
            yield f"the reference fails on shapes {shapes}"
    if len(exercise.shapes) < 3:
        yield "fewer than three cases: what is right on one shape alone goes unnoticed"
    sizes = [size for shape in exercise.shapes[0] for size in shape]
    square = any(len(shape) > 1 and len(set(shape)) == 1 for shape in exercise.shapes[0])
    if square or not sizes:
        yield "the first case is square or a single number, which hides transposes and sums"


def _misconceptions(run: Run, exercise: Exercise) -> Iterator[str]:
    if len(exercise.misconceptions) < FEWEST:
        yield f"only {len(exercise.misconceptions)} declared, {FEWEST} or more are expected"
    for wrong in exercise.misconceptions:
        for style, source in sources(exercise, wrong)[:2]:
            seen = look(run, exercise, wrong, style, source)
            where = f"{wrong.name!r} ({style})"
            if not seen.rejected:
                yield f"{where} gets full marks"
            elif seen.named is None:
                yield f"{where} is not named: another one gives the same numbers, or it crashes"
            elif seen.named != wrong.name:
                yield f"{where} is taken for {seen.named!r}"


def _mutants(run: Run, exercise: Exercise) -> Iterator[str]:
    for style, source in sources(exercise)[:2]:
        bench = Bench(run, style, source, [exercise.slug])
        if bench.lost:
            yield f"a right file ({style}) loses points"
            continue
        for outcome in bench.outcomes():
            if outcome.fate == "missed":
                yield f"gets full marks on these cases, but not on others: {outcome.words}"
            if outcome.rightly is False:
                yield f"is wrongly named {outcome.named!r}: {outcome.words}"


def _nothing(run: Run, exercise: Exercise) -> Iterator[str]:
    for words, source in null_submissions(exercise):
        score = grade(run, source, [exercise.slug], SEEDS[0]).exercises[exercise.slug].score
        if score > 0:
            yield f"a file that {words} gets {score:g} of 10 points"


def _luck(_: Run, exercise: Exercise) -> Iterator[str]:
    probes = SeededProbes(exercise)
    for words, by in wrong_files(exercise):
        for luck in probes.depends(by)[:1]:
            yield (
                f"what a file gets depends on its seed ({words}): {luck.what} of {luck.probe} is "
                f"right for {luck.times} of {probes.seeds} seeds"
            )


LOOKS: dict[str, Look] = {
    "gradients": _gradients,
    "cases": _cases,
    "misconceptions": _misconceptions,
    "luck": _luck,
    "mutants": _mutants,
    "empty-handed files": _nothing,
}
