"""Owns what an exercise is: a handful of formulas, names and shapes, all of it data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graders.model.check_kinds import weight
from graders.model.statements import statement

FAMILIES = ("contract", "forward", "gradient", "requires_grad", "robustness")

DEFAULT_RUBRIC: Mapping[str, float] = MappingProxyType(
    {"contract": 1.0, "forward": 2.0, "gradient": 4.0, "requires_grad": 2.0, "robustness": 1.0}
)
"""Parts of a whole: an exercise's points are shared out among the families in this proportion."""


def worth_of_none(rubric: Mapping[str, float]) -> float:
    """The part of an exercise's points that is for `None` where an input needs no gradient."""
    family, total = "requires_grad", sum(rubric.values())
    asked, other = (weight(one, family, 1) for one in ("nothing-for-nothing", "right-results"))
    return rubric.get(family, 0.0) / total * asked / (asked + other) if total else 0.0


Shapes = tuple[tuple[int, ...], ...]
"""One shape for each input of an exercise."""


@dataclass(frozen=True, slots=True, eq=False)
class Misconception:
    """A way to get it wrong, as formulas that stand in for the exercise's own.

    `gradients` names only the inputs whose gradient it changes; the formula "None" means that no
    gradient arrives. `each` says that the name also fits when only some of these inputs are wrong.
    `pointer` is the section of the course text to read again. `step` is the exercise that a
    composition's misconception blames where another step could give the same numbers: that one has
    to be wrong by itself too, or nothing is said.
    """

    name: str
    hint: str
    pointer: str
    forward: str | None = None
    gradients: Mapping[str, str] = field(default_factory=dict)
    each: bool = False
    step: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One call in an exercise that is composed of others: `result = entry(*args)`."""

    result: str
    entry: str
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """One function to implement.

    Formulas are Python expressions over the names of the inputs and `torch`; gradients also know
    `y`, the result, and `dzdy`, the upstream gradient. `entries` are names that are the exercise's
    alone, the first the one to suggest; `also` has phrases in small letters, with commas between
    them, that may be meant for another one too. `shapes` lists what the function is tried on, the
    plainest first; `empty` holds shapes with no elements. `values` are the least and the greatest
    magnitude of an element, `extremes` the elements for the check of extreme magnitudes.
    """

    slug: str
    title: str
    summary: str
    entries: tuple[str, ...]
    inputs: tuple[str, ...]
    reference: str
    gradients: Mapping[str, str]
    shapes: tuple[Shapes, ...]
    empty: Shapes
    misconceptions: tuple[Misconception, ...]
    also: str = ""
    steps: tuple[Step, ...] = ()
    values: tuple[float, float] = (0.5, 3.2)
    extremes: tuple[float, ...] = (0.0, 1e-12, 1e12, 3e12)

    @property
    def phrases(self) -> list[str]:
        """What `also` has, one by one."""
        return [phrase.strip() for phrase in self.also.split(",") if phrase.strip()]

    @property
    def statement(self) -> str:
        """What is asked for, as markdown with formulas in dollars. Raises FileNotFoundError."""
        return statement(self.slug)

    @property
    def starter(self) -> str:
        """What a student starts from: Python source with the bodies missing."""
        if not self.entries:
            calls = "\n".join(f"# {s.result} = {s.entry}({', '.join(s.args)})" for s in self.steps)
            return (
                f"# {self.title}: nothing to add, it calls your functions in this order.\n{calls}\n"
            )
        parameters = ", ".join(f"{name}: Tensor" for name in self.inputs)
        gradients = ", ".join("Tensor" for _ in self.inputs)
        result = f"Tuple[{gradients}]" if len(self.inputs) > 1 else gradients
        return _STARTER.format(
            name=self.entries[0], summary=self.summary, parameters=parameters, result=result
        )


_STARTER = '''class {name}(Function):
    """{summary}"""

    @staticmethod
    def forward(ctx, {parameters}) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> {result}:
        raise NotImplementedError("return one gradient for each argument of forward")
'''
