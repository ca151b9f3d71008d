"""Owns what makes an exercise acceptable before anything is computed: names, formulas, shapes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from graders.model.exercise import Exercise, Misconception

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def problems(exercise: Exercise, register: Mapping[str, Exercise]) -> list[str]:
    """Everything that is wrong with an exercise, as phrases; `register` holds all of them."""
    return [
        *_problems_of_names(exercise, register),
        *_problems_of_steps(exercise, register),
        *_problems_of_shapes(exercise),
        *_problems_of_formulas(exercise),
        *_problems_of_misconceptions(exercise),
    ]


def _problems_of_names(exercise: Exercise, register: Mapping[str, Exercise]) -> Iterator[str]:
    if not _SLUG.fullmatch(exercise.slug):
        yield f"the slug {exercise.slug!r} is not in lower case with hyphens"
    if not exercise.inputs or len(set(exercise.inputs)) < len(exercise.inputs):
        yield "inputs need distinct names, at least one"
    if set(exercise.inputs) & {"y", "dzdy", "torch", "None"}:
        yield "`y`, `dzdy` and `torch` have a meaning in formulas and cannot name an input"
    if bool(exercise.entries) == bool(exercise.steps):
        yield "it needs either accepted names or steps"
    for phrase in exercise.phrases:
        if not phrase.replace(" ", "").isalpha() or phrase != phrase.lower():
            yield f"{phrase!r} is not words in small letters"
    for other in register.values():
        if other is not exercise and (shared := set(exercise.entries) & set(other.entries)):
            yield f"{other.slug!r} accepts {', '.join(sorted(shared))} too"


def _problems_of_steps(exercise: Exercise, register: Mapping[str, Exercise]) -> Iterator[str]:
    known = set(exercise.inputs)
    for step in exercise.steps:
        if step.entry not in register:
            yield f"step {step.result!r} calls {step.entry!r}, which is no exercise"
        elif len(step.args) != len(register[step.entry].inputs):
            yield f"step {step.result!r} passes {len(step.args)} arguments to {step.entry!r}"
        if unknown := set(step.args) - known:
            yield f"step {step.result!r} uses {', '.join(sorted(unknown))} before it exists"
        known.add(step.result)


def _problems_of_shapes(exercise: Exercise) -> Iterator[str]:
    if not exercise.shapes:
        yield "it needs shapes to be tried on"
    for shapes in (*exercise.shapes, exercise.empty):
        if len(shapes) != len(exercise.inputs):
            yield f"{shapes} is not one shape for each input"
    if not any(0 in shape for shape in exercise.empty):
        yield "none of its empty shapes is empty"
    low, high = exercise.values
    if not 0 < low < high:
        yield "the magnitudes of its values are not 0 < least < greatest"


def _problems_of_formulas(exercise: Exercise) -> Iterator[str]:
    if set(exercise.gradients) != set(exercise.inputs):
        yield "it needs one gradient for each input"
    yield from _unreadable(exercise, exercise.reference, ())
    for formula in exercise.gradients.values():
        yield from _unreadable(exercise, formula, ("y", "dzdy"))


def _problems_of_misconceptions(exercise: Exercise) -> Iterator[str]:
    names = [wrong.name for wrong in exercise.misconceptions]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"two misconceptions are called {name!r}"
    for wrong in exercise.misconceptions:
        if not (wrong.name and wrong.hint and wrong.pointer):
            yield f"misconception {wrong.name!r} lacks a name, a hint or a pointer"
        yield from (
            f"misconception {wrong.name!r}: {problem}" for problem in _problems(exercise, wrong)
        )


def _problems(exercise: Exercise, wrong: Misconception) -> Iterator[str]:
    if wrong.forward is None and not wrong.gradients:
        yield "it changes nothing"
    if wrong.step and wrong.step not in {step.entry for step in exercise.steps}:
        yield f"{wrong.step!r} is none of the steps"
    if unknown := set(wrong.gradients) - set(exercise.inputs):
        yield f"{', '.join(sorted(unknown))} is no input"
    if wrong.forward is not None:
        yield from _unreadable(exercise, wrong.forward, ())
    for name, formula in wrong.gradients.items():
        yield from _unreadable(exercise, formula, ("y", "dzdy"))
        if formula == exercise.gradients.get(name):
            yield f"the gradient of {name} is the right one"


def _unreadable(exercise: Exercise, formula: str, extra: Iterable[str]) -> Iterator[str]:
    """What is wrong with a formula as an expression over the names it may use."""
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError:
        yield f"{formula!r} is not an expression"
        return
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if unknown := used - {*exercise.inputs, *extra, "torch"}:
        yield f"{formula!r} uses {', '.join(sorted(unknown))}"
