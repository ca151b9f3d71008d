"""Owns what each kind of check is called, and the codes for why one could not be judged by itself.

A verdict goes by names and codes, never by the words of a sentence: those may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Reason(StrEnum):
    """Why a check was not passed, where the cause is another than what it looks at."""

    NOT_RUN = "not-run"
    """The run had ended before."""
    UNREADABLE = "unreadable"
    """Python cannot read the file."""
    ABSENT = "absent"
    """The file has no trace of the exercise."""
    UNWRITTEN = "unwritten"
    """What the exercise asks for is begun, and nothing is in it yet."""
    GATED = "gated"
    """A check before it failed, without which it says nothing."""
    WITHDRAWN = "withdrawn"
    """It passed, and counts only when forward is right."""


NOT_REACHED = frozenset({Reason.NOT_RUN, Reason.UNREADABLE})
"""Reasons that say nothing of the exercise: its checks were never judged."""


@dataclass(frozen=True)
class CheckKind:
    """`gate` is what its failure keeps others from, as the end of "Not judged, since ..."."""

    title: str
    gate: str | None = None


FAMILY_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "contract": "Contract",
        "forward": "Forward",
        "gradient": "Gradients",
        "requires_grad": "requires_grad",
        "robustness": "Robustness",
    }
)
_GRADIENT = "gradient-"
_GRADIENTS = 4.0
"""The weight of the gradients of all inputs together."""
_WEIGHTS: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        ("forward", "values"): 2.0,
        # Worth nothing by itself: it can only take away what the others in the family give.
        ("gradient", "without-autograd"): 0.0,
        ("requires_grad", "right-results"): 3.0,
    }
)
"""The weights of those checks that have another one than 1."""
_KINDS: Mapping[str, CheckKind] = MappingProxyType(
    {
        "entry": CheckKind("Found in your file", "the entry was not found"),
        "own-function": CheckKind(
            "Runs a Function of your own", "the result does not come from your own Function"
        ),
        "static-methods": CheckKind("`forward` and `backward` are static methods"),
        "one-gradient-each": CheckKind("One gradient for each input"),
        "values": CheckKind("Right values", "forward is not right yet"),
        "dtype": CheckKind("Right dtype"),
        "scalars": CheckKind("Single numbers"),
        "shapes": CheckKind("Other shapes"),
        "without-autograd": CheckKind(
            "Worked out without autograd", "the gradient comes from autograd"
        ),
        "float64": CheckKind("In float64"),
        "right-results": CheckKind("Right where an input needs no gradient"),
        "nothing-for-nothing": CheckKind("No gradient computed for nothing"),
        "input-twice": CheckKind("An input used twice"),
        "two-calls": CheckKind("Two calls before one backward"),
        "backward-twice": CheckKind("Backward twice"),
        "unchanged": CheckKind("Inputs and upstream gradient left as they were"),
        "non-contiguous": CheckKind("Tensors that are not contiguous"),
        "extreme": CheckKind("Very large and very small numbers"),
        "empty": CheckKind("Tensors without elements"),
    }
)


def gradient_of(input_name: str) -> str:
    """The name of the check of one input's gradient: "gradient-x" for "x"."""
    return _GRADIENT + input_name


def kind(name: str, students_names: Mapping[str, str] | None = None) -> CheckKind:
    """What kind of check bears this name. `students_names` has the student's names of the inputs.

    Raises KeyError for a name that no check has.
    """
    if name.startswith(_GRADIENT):
        of = name.removeprefix(_GRADIENT)
        argument = f"`{students_names[of] if students_names else of}`"
        return CheckKind(f"Gradient of {argument}", f"the gradient of {argument} is not right yet")
    return _KINDS[name]


def title(name: str) -> str:
    """What a check looks at, for people; the name itself where a stored report has an old one."""
    try:
        return kind(name).title
    except KeyError:
        return name


def weight(name: str, family: str, inputs: int) -> float:
    """A check's share within its family, for an exercise with so many inputs."""
    if is_of_gradient(name):
        return _GRADIENTS / inputs
    return _WEIGHTS.get((family, name), 1.0)


def is_of_gradient(name: str) -> bool:
    """Whether a check looks at the gradient of one input."""
    return name.startswith(_GRADIENT)
