"""Owns what files with a typical mistake get under a rubric, from reports that are shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graders.judging.rescoring import rescored

_EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
_MISTAKES = {
    "swapped": ("product", "The two gradients of the product are swapped"),
    "upstream_forgotten": ("sigmoid", "The sigmoid forgets the upstream gradient"),
    "forward_only": ("product", "Only the forward pass is there"),
}
WORTH = 10.0


@dataclass(frozen=True)
class Typical:
    """A mistake in words, and what an exercise with it gets of WORTH points."""

    mistake: str
    points: float


def of(rubric: Mapping[str, float]) -> list[Typical]:
    """What each typical mistake costs under a rubric."""
    return [
        Typical(words, float(rescored(_report(name), WORTH, rubric)["score"]))
        for name, (_, words) in _MISTAKES.items()
    ]


@cache
def _report(name: str) -> Mapping[str, Any]:
    """What the graders said of the exercise with the mistake (`make example`)."""
    ((file),) = json.loads((_EXAMPLES / f"{name}.json").read_text("utf-8"))
    slug, _ = _MISTAKES[name]
    found: Mapping[str, Any] = next(one for one in file["exercises"] if one["slug"] == slug)
    return found
