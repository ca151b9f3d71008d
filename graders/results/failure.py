"""Owns what a failed check is made of: the words, the kind of failure, a probe that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from graders.model.check_kinds import Reason
from graders.model.evidence import Oddity
from graders.probes.probe import Probe

Kind = tuple[str | int, ...]
"""What went wrong, in terms that two probes can be compared by: ("gradient", 0, "shape")."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A probe on which a failure shows: what was looked at there, what was wanted, what came.

    `input` is the input that a wrong gradient belongs to, `at` its element that is farthest off;
    `at` is None where shapes differ or nothing came. `phase` is how far the probe had to be run,
    `dtype` that of a gradient as it was returned, where it is another than its input's.
    """

    probe: Probe
    what: str
    want: Tensor | None = None
    got: Tensor | Oddity | None = None
    input: int | None = None
    at: tuple[int, ...] | None = None
    phase: str = "backward"
    dtype: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """Why a check is not passed; `instance` is what to show for it, where there is anything.

    `reason` says that the cause is another than what the check looks at.
    """

    message: str
    line: int | None = None
    kind: Kind = ()
    instance: Instance | None = None
    reason: Reason | None = None
