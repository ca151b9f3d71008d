"""Owns files that compose an exercise of smaller Functions, in which the mistake then stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from graders.exercises import EXERCISES
from graders.model.exercise import Exercise, Misconception
from graders.mutation.writing.styles import PREAMBLE, STYLES, class_in

_CHAIN: Mapping[str, tuple[str, str]] = {
    "the chain breaks at the addition": ("addition", "upstream gradient replaced by ones"),
    "the chain breaks at the product": ("product", "upstream gradient forgotten"),
    "the product's gradients swapped": ("product", "gradients swapped"),
    "the product passes on its upstream gradient": ("product", "the gradients of a sum"),
    "the addition's second gradient is missing": ("addition", "no second gradient"),
    "the product's second gradient is missing": ("product", "no second gradient"),
    "the wrong sign": ("product", "the wrong sign"),
}
"""Misconceptions of the composition, and what is wrong in one of its parts."""
_OF_A_PRODUCT = (
    "gradients swapped",
    "upstream gradient forgotten",
    "the gradients of a sum",
    "no second gradient",
    "no first gradient",
    "the same gradient twice, that of `x1`",
    "the same gradient twice, that of `x2`",
    "the wrong sign",
)
"""Misconceptions of the dot product that stand in the product inside of it, by the same name."""


def composed(exercise: Exercise, wrong: Misconception | None = None) -> Iterator[tuple[str, str]]:
    """The name of each style, and a file; nothing where a mistake cannot stand in a part."""
    if exercise.steps:
        yield from _by_steps(exercise, wrong)
    elif exercise.slug == "dot-product":
        yield from _dot(wrong)
    elif exercise.slug == "linear":
        yield from _linear(exercise, wrong)


def _by_steps(exercise: Exercise, wrong: Misconception | None) -> Iterator[tuple[str, str]]:
    if wrong is not None and wrong.name not in _CHAIN:
        return
    slug, name = _CHAIN[wrong.name] if wrong is not None else ("", "")
    for style in STYLES:
        parts = [
            class_in(style, EXERCISES[step.entry], _called(step.entry, name, slug))
            for step in exercise.steps
        ]
        yield style.name, PREAMBLE + "".join(parts)


def _called(part: str, name: str, slug: str) -> Misconception | None:
    """The misconception `name`, if it is that of this part."""
    if part != slug:
        return None
    return next(one for one in EXERCISES[slug].misconceptions if one.name == name)


def _dot(wrong: Misconception | None) -> Iterator[tuple[str, str]]:
    broken = {"": ""} if wrong is None else {}
    if wrong is not None and wrong.name in _OF_A_PRODUCT:
        broken["product"] = wrong.name
    if wrong is not None and wrong.name == "upstream gradient forgotten":
        broken["sum"] = "upstream gradient replaced by ones"
    for slug, name in broken.items():
        for style in STYLES[:3]:
            parts = [
                class_in(style, _named(EXERCISES[part], cls), _called(part, name, slug))
                for part, cls in (("product", "Factors"), ("sum", "AddedUp"))
            ]
            inner, outer = (style.around.format(cls) for cls in ("Factors", "AddedUp"))
            calls = f"\n\ndef dot(a, b):\n    return {outer}.apply({inner}.apply(a, b))\n"
            yield f"composed, {style.name}", PREAMBLE + "".join(parts) + calls


def _linear(exercise: Exercise, wrong: Misconception | None) -> Iterator[tuple[str, str]]:
    if wrong is not None and wrong.forward is not None:
        return
    gradients = {**exercise.gradients, **(wrong.gradients if wrong else {})}
    weighted = replace(
        exercise, entries=("Weighted",), inputs=("X", "W"), reference="X @ W.T",
        gradients={name: gradients[name] for name in ("X", "W")},
    )  # fmt: skip
    shifted = replace(
        exercise, entries=("Shifted",), inputs=("Z", "b"), reference="Z + b",
        gradients={"Z": "dzdy", "b": gradients["b"]},
    )  # fmt: skip
    for style in STYLES[:3]:
        parts = class_in(style, weighted) + class_in(style, shifted)
        inner, outer = (style.around.format(cls) for cls in ("Weighted", "Shifted"))
        call = f"{outer}.apply({inner}.apply(X, W), b)"
        calls = f"\n\ndef linear(X, W, b):\n    return {call}\n"
        yield f"composed, {style.name}", PREAMBLE + parts + calls


def _named(exercise: Exercise, cls: str) -> Exercise:
    """The exercise under another name, so that nothing takes the part for an entry."""
    return replace(exercise, entries=(cls,))
