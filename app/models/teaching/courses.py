"""Owns what is taught and to whom: courses, enrolments, assignments and their exercises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.declarative import Base, words
from app.models.field_limits import fitting
from app.models.people import User
from app.timing.counting import Counts
from app.timing.late import LatePolicy, Per, Unit
from app.timing.limits import Limits
from app.timing.terms import Terms
from app.timing.windows import Window
from app.visibility.rules import Meanwhile, Rules, When


class Role(StrEnum):
    """What somebody is in a course."""

    STUDENT = "student"
    TUTOR = "tutor"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"


class Trials(StrEnum):
    """Whether students may try a file without handing it in, and what that costs."""

    FREE = "free"
    COUNTED = "counted"
    OFF = "off"


class Course(Base):
    """A course. `code` is its short unique name ("dl-2026"); `timezone` is an IANA name.

    `term` is what people call the time in which it is held ("Winter 2026/27"). In one that is
    archived nothing changes.
    """

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    term: Mapped[str] = mapped_column(default="", server_default="")
    timezone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    archived_at: Mapped[datetime | None]
    late_days: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many each student may spend in all."""

    @validates("code", "title", "term")
    def _fits(self, field: str, given: str) -> str | None:
        return fitting(field, given)


class Enrolment(Base):
    """One person in one course. Left rather than deleted, so that grades stay."""

    __tablename__ = "enrolments"

    course_id: Mapped[int] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(words(Role))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    course: Mapped[Course] = relationship()
    user: Mapped[User] = relationship()


class AssignmentGroup(Base):
    """Assignments that make up one share of a course's total.

    Its weight is in proportion to those of the others; of each student's grades in it, so many of
    the lowest are `dropped`.
    """

    __tablename__ = "assignment_groups"
    __table_args__ = (
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("dropped >= 0", name="dropped"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    weight: Mapped[float]
    dropped: Mapped[int]


EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between which an assignment's times lie: far from what Postgres can hold and Python cannot."""


def _within(*columns: str) -> str:
    years = f"'{EARLIEST:%Y-%m-%d} UTC' AND '{LATEST:%Y-%m-%d} UTC'"
    return " AND ".join(f"{column} BETWEEN {years}" for column in columns)


class Assignment(Base):
    """An ordered set of exercises with points.

    What its times, its late policy and its limits of attempts mean is in app/timing/; `terms` has
    them together. When students see what of their verdicts is in app/visibility/; `released_at` is
    when the results were released, while they are. `rubric` shares an exercise's points out among
    the families of checks; None is the graders' default. `none_counts_once` says whether it costs
    points in one exercise of a file, and no more, to compute a gradient that nobody asked for.
    `trials` says whether trying a file without handing it in is free, uses up an attempt, or is
    off.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint("max_attempts > 0", name="max_attempts"),
        CheckConstraint(_within("opens_at", "due_at", "closes_at", "teams_until"), name="times"),
        CheckConstraint("late_amount >= 0 AND (late_cap IS NULL OR late_cap >= 0)", name="late"),
        CheckConstraint("team_size > 0", name="team_size"),
        CheckConstraint(
            "grace_minutes >= 0 AND pause_minutes >= 0 AND attempts_a_day > 0", name="limits"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment_groups.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str]
    external_id: Mapped[str | None] = mapped_column(unique=True)
    """What an LMS calls it; no other assignment of any course has the same."""
    statement: Mapped[str] = mapped_column(default="", server_default="")
    published: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    max_attempts: Mapped[int | None]
    attempts_a_day: Mapped[int | None]
    pause_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    grace_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    late_amount: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    late_unit: Mapped[Unit] = mapped_column(
        words(Unit), default=Unit.PERCENT, server_default=Unit.PERCENT.value
    )
    late_per: Mapped[Per] = mapped_column(words(Per), default=Per.DAY, server_default=Per.DAY.value)
    late_cap: Mapped[float | None]
    late_days: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many of the course's a student may spend here."""
    team_size: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """How many may hand in together; 1 is each alone."""
    students_form_teams: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    teams_until: Mapped[datetime | None]
    """Until when students may; None is as long as they may hand in."""
    counts: Mapped[Counts] = mapped_column(
        words(Counts), default=Counts.BEST, server_default=Counts.BEST.value
    )
    trials: Mapped[Trials] = mapped_column(
        words(Trials), default=Trials.FREE, server_default=Trials.FREE.value
    )
    rubric: Mapped[dict[str, float] | None]
    none_counts_once: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    shown: Mapped[dict[str, str]] = mapped_column(default=dict, server_default=text("'{}'"))
    """When a part of the verdict is shown, where that is not at once."""
    meanwhile: Mapped[Meanwhile] = mapped_column(
        words(Meanwhile), default=Meanwhile.PART, server_default=Meanwhile.PART.value
    )
    hints_in_steps: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    released_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    course: Mapped[Course] = relationship()
    exercises: Mapped[list[AssignmentExercise]] = relationship(
        order_by="AssignmentExercise.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def max_score(self) -> float:
        """The points of all exercises together."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def points(self) -> dict[str, float]:
        """Points by exercise slug, in the assignment's order."""
        return {exercise.slug: exercise.points for exercise in self.exercises}

    @property
    def window(self) -> Window:
        """When it opens, is due and closes for who has no extension."""
        grace = timedelta(minutes=self.grace_minutes or 0)  # none before it is stored
        return Window(self.opens_at, self.due_at, self.closes_at, grace)

    @property
    def visibility(self) -> Rules:
        """When students see what of their verdicts."""
        shown = {part: When(when) for part, when in self.shown.items()}
        return Rules(shown, self.meanwhile, self.hints_in_steps)

    @property
    def terms(self) -> Terms:
        """All its rules of time, for who has no extension."""
        return Terms(
            self.window,
            LatePolicy(self.late_amount, self.late_unit, self.late_per, self.late_cap),
            Limits(self.max_attempts, self.attempts_a_day, timedelta(minutes=self.pause_minutes)),
            self.counts,
            self.course.timezone,
        )


class AssignmentExercise(Base):
    """One exercise of an assignment; `slug` names it among the graders' exercises."""

    __tablename__ = "assignment_exercises"
    __table_args__ = (
        UniqueConstraint("assignment_id", "slug"),
        CheckConstraint("points >= 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    slug: Mapped[str]
    points: Mapped[float]
