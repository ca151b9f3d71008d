"""Owns the fields of an assignment's form that say what students see when."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import Assignment
from app.visibility.rules import PARTS, When

_FIELD = "shown-"
USUAL = {_FIELD + part: When.AT_ONCE.value for part in PARTS}


def typed(assignment: Assignment) -> dict[str, str]:
    """What is set, as the fields of the form."""
    return USUAL | {_FIELD + part: when for part, when in assignment.shown.items()}


def read(fields: Mapping[str, str]) -> dict[str, str]:
    """What the fields say, by part; what is shown at once is left out."""
    said = {part: fields.get(_FIELD + part, When.AT_ONCE.value) for part in PARTS}
    return {part: when for part, when in said.items() if when != When.AT_ONCE}
