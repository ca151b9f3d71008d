"""Owns the JSON of what an assignment shows its students when."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.models import Assignment
from app.visibility.rules import PARTS, When
from graders.model.exercise import FAMILIES

Family = Literal["contract", "forward", "gradient", "requires_grad", "robustness"]
Moment = Literal["at once", "after due", "after release", "never"]


class VisibilityChange(BaseModel):
    """What students are to see when; what is left out is as here."""

    model_config = ConfigDict(extra="forbid")

    checks: dict[Family, Moment] = Field(
        default_factory=dict, description="By family; others are shown at once."
    )
    feedback: Moment = "at once"
    score: Moment = "at once"
    meanwhile: Literal["part", "none"] = "part"
    in_steps: bool = Field(
        default=False, description="What is wrong is told as students ask for it."
    )

    def shown(self) -> dict[str, str]:
        """The parts that are not shown at once."""
        said: dict[str, str] = {"feedback": self.feedback, "score": self.score}
        said |= {str(family): when for family, when in self.checks.items()}
        return {part: when for part, when in said.items() if when != "at once"}


class VisibilityView(BaseModel):
    """When students see what of their verdicts: `at once`, `after due` (each student's own due
    date), `after release` or `never`."""

    checks: dict[str, str] = Field(
        description="By family. No check is shown before those that it is built on."
    )
    feedback: str = Field(description="Messages, hints, numbers and comments, of shown checks.")
    score: str = Field(
        description="The whole score: no sooner than the checks that are ever shown. It tells the "
        "points of those that are not."
    )
    meanwhile: str = Field(
        description="The score until the whole is shown: `part`, that of the shown checks, or "
        "`none`."
    )
    in_steps: bool = Field(
        description="Whether what is wrong is told step by step, as a student asks for it."
    )

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """What is set for an assignment."""
        rules = assignment.visibility
        said = {part: rules.shown.get(part, When.AT_ONCE).value for part in PARTS}
        checks = {family: said.pop(family) for family in FAMILIES}
        return cls(checks=checks, **said, meanwhile=rules.meanwhile.value, in_steps=rules.in_steps)
