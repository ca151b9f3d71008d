"""Owns the right files that are mutated: those of the tests, and those made in all styles."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from graders.exercises import EXERCISES
from graders.mutation.styled import sources
from tests.support.files.expectations import SUBMISSIONS, expectations


@dataclass(frozen=True)
class Subject:
    """A right file, and the exercises that it solves."""

    name: str
    source: bytes
    slugs: tuple[str, ...]


def subjects() -> list[Subject]:
    """All of them, without files whose classes are all in another one already."""
    seen: set[str] = set()
    found = []
    for subject in [*_made(), *_handed_in()]:
        try:
            tree = ast.parse(subject.source)
        except SyntaxError:
            continue  # an encoding or line ends that only the cell reads
        classes = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
        if not classes or not classes <= seen:
            found.append(subject)
        seen |= classes
    return found


def _made() -> list[Subject]:
    return [
        Subject(f"{slug}, {style}", source.encode(), (slug,))
        for slug, exercise in EXERCISES.items()
        for style, source in sources(exercise)
    ]


def _handed_in() -> list[Subject]:
    paths = sorted((SUBMISSIONS / "right").glob("*.py"))
    return [Subject(p.stem, p.read_bytes(), tuple(expectations(p).slugs)) for p in paths]
