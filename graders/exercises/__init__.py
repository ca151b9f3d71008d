"""Owns the register of exercises: every module beside this one that defines `EXERCISE`.

Importing it reads data and no more; torch is never imported. A bad exercise is refused here, at
start, with a ValueError that says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from graders.model.exercise import Exercise
from graders.model.validation import problems

COURSE_TEXT = (
    "addition",
    "product",
    "composition",
    "sum",
    "sigmoid",
    "dot-product",
    "matrix-vector-product",
)
"""The exercises of the course text, in its order."""

_PREAMBLE = """from typing import Tuple

import torch
from torch import Tensor
from torch.autograd import Function
"""


def _in_order(found: Iterable[Exercise]) -> dict[str, Exercise]:
    """By slug: first those of the course text, then the others by name. Raises ValueError."""
    by_slug: dict[str, Exercise] = {}
    for exercise in found:
        if exercise.slug in by_slug:
            raise ValueError(f"two exercises have the slug {exercise.slug!r}")
        by_slug[exercise.slug] = exercise
    for exercise in by_slug.values():
        if wrong := problems(exercise, by_slug):
            raise ValueError(f"exercise {exercise.slug!r}: {'; '.join(wrong)}")
    rest = sorted(set(by_slug) - set(COURSE_TEXT))
    return {slug: by_slug[slug] for slug in (*COURSE_TEXT, *rest)}


_REGISTER = _in_order(
    import_module(f"{__name__}.{m.name}").EXERCISE for m in iter_modules(__path__)
)
EXERCISES: Mapping[str, Exercise] = MappingProxyType(_REGISTER)


@contextmanager
def standing_in(exercise: Exercise) -> Iterator[None]:
    """For a while and in this process, an exercise is registered, in the place of its namesake.

    Raises ValueError as the program's start does when the exercise is a bad one.
    """
    others = {slug: other for slug, other in _REGISTER.items() if slug != exercise.slug}
    if wrong := problems(exercise, others | {exercise.slug: exercise}):
        raise ValueError(f"exercise {exercise.slug!r}: {'; '.join(wrong)}")
    before = dict(_REGISTER)
    _REGISTER[exercise.slug] = exercise
    try:
        yield
    finally:
        _REGISTER.clear()
        _REGISTER.update(before)


def starter(slugs: Sequence[str]) -> str:
    """The starter file of an assignment: a preamble and one piece for each exercise."""
    return "\n\n".join([_PREAMBLE, *(EXERCISES[slug].starter for slug in slugs)])
