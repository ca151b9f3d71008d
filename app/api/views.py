"""Owns the JSON that tells of people, courses, assignments and the gradebook."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.visibility import VisibilityView
from app.gradebook.book import Gradebook, Row
from app.gradebook.grades import Counting, Grade, Pair
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, Course, Role
from app.settings import settings
from graders.exercises import EXERCISES

Links = dict[str, str]


def link(path: str) -> str:
    """The whole address of a path of ours."""
    return settings().base_url + path


class View(BaseModel):
    """Something that can be read off a row's attributes of the same names."""

    model_config = ConfigDict(from_attributes=True)


class PersonView(View):
    """Somebody with an account."""

    id: int
    name: str
    email: str
    external_id: str | None = Field(description="The LMS's or school's own id for them.")


class MeView(PersonView):
    """Who holds the token, and how far it reaches."""

    is_admin: bool
    scopes: list[str]
    course_id: int | None = Field(description="The only course that the token is for, if any.")

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The holder of a token."""
        person = PersonView.model_validate(actor.user).model_dump()
        return cls(
            **person,
            is_admin=actor.user.is_admin,
            scopes=sorted(actor.scopes or ()),
            course_id=actor.course_id,
        )


class CourseView(View):
    """A course that the caller may see."""

    id: int
    code: str
    title: str
    term: str = Field(description="As people call it; it may be empty.")
    timezone: str = Field(description="An IANA name; times in answers are in UTC all the same.")
    late_days: int = Field(description="How many each student may spend in all.")
    archived_at: datetime | None = Field(
        description="Since when nothing in it changes; null while it is held."
    )
    role: Role | None = Field(description="The caller's role; null for a site administrator.")
    links: Links

    @classmethod
    def of(cls, course: Course, role: Role | None) -> Self:
        """A course, as somebody with `role` sees it."""
        here = f"/api/v1/courses/{course.id}"
        links = {"assignments": link(f"{here}/assignments")}
        if role is not Role.STUDENT:
            links["gradebook"] = link(f"{here}/gradebook")
        return cls(
            id=course.id,
            code=course.code,
            title=course.title,
            term=course.term,
            timezone=course.timezone,
            late_days=course.late_days,
            archived_at=course.archived_at,
            role=role,
            links=links,
        )


class ExercisePoints(View):
    """One exercise of an assignment."""

    slug: str
    title: str
    points: float


class LateView(View):
    """What is taken off late work: an amount for each day or hour that has begun, or once."""

    amount: float
    unit: str = Field(description="`percent` of the attempt's points, or `points`.")
    per: str = Field(description="`day`, `hour` or `once`.")
    cap: float | None = Field(description="The most that is taken off, in the same unit.")
    grace_minutes: int = Field(description="After the due date, and still in time.")

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The late policy of an assignment."""
        return cls(
            amount=assignment.late_amount,
            unit=assignment.late_unit,
            per=assignment.late_per,
            cap=assignment.late_cap,
            grace_minutes=assignment.grace_minutes,
        )


class AssignmentView(View):
    """An assignment: which exercises, for how many points, until when."""

    id: int
    course_id: int
    title: str
    statement: str = Field(description="Markdown. Empty for students before it opens.")
    published: bool
    is_open: bool = Field(description="Whether work is taken right now.")
    opens_at: datetime | None
    due_at: datetime | None = Field(description="Work handed in later is late.")
    closes_at: datetime | None = Field(description="Work handed in later is not taken.")
    max_attempts: int | None
    attempts_a_day: int | None
    pause_minutes: int = Field(description="Between two attempts.")
    late_days: int = Field(description="How many of the course's a student may spend here.")
    team_size: int = Field(description="How many may hand in together; 1: each alone.")
    students_form_teams: bool = Field(description="Else those who teach set them.")
    teams_until: datetime | None = Field(description="Until when students form them.")
    late: LateView = Field(description="What lateness costs.")
    counts: str = Field(
        description="Which attempt counts: `best`, `latest`, `best on time` or `chosen`."
    )
    trials: str = Field(
        description="Trials without handing in: `free`, `counted` as attempts, or `off`."
    )
    none_counts_once: bool = Field(
        description="Whether a gradient that nobody asked for costs points in one exercise of a "
        "file only."
    )
    visibility: VisibilityView = Field(description="When students see what of their verdicts.")
    released_at: datetime | None = Field(
        description="Since when the results are released; null while they are not."
    )
    max_score: float
    exercises: list[ExercisePoints] = Field(description="Empty for students before it opens.")
    links: Links

    @classmethod
    def of(cls, assignment: Assignment, rights: frozenset[Right]) -> Self:
        """An assignment, as somebody with these rights in its course may see it."""
        readable = permissions.may_read(assignment, rights)
        names = "id course_id title published opens_at due_at closes_at max_attempts"
        names += " attempts_a_day pause_minutes late_days team_size students_form_teams teams_until"
        names += " counts trials none_counts_once max_score released_at"
        here = f"/api/v1/assignments/{assignment.id}"
        return cls(
            **{name: getattr(assignment, name) for name in names.split()},
            late=LateView.of(assignment),
            visibility=VisibilityView.of(assignment),
            is_open=assignment.published and assignment.window.is_open(now()),
            statement=assignment.statement if readable else "",
            exercises=[
                ExercisePoints(slug=slug, title=_title(slug), points=points)
                for slug, points in assignment.points.items()
                if readable
            ],
            links={"self": link(here), "submissions": link(f"{here}/submissions")},
        )


def _title(slug: str) -> str:
    return EXERCISES[slug].title if slug in EXERCISES else slug


class GradeView(View):
    """One student's standing in one assignment: the attempt that counts, and what was changed."""

    assignment_id: int
    submission_id: uuid.UUID | None
    score: float | None = Field(description="What counts: set by hand, or else computed.")
    computed: float | None = Field(description="What the attempt that counts has by itself.")
    deduction: float = Field(description="Points that lateness takes off.")
    changed: bool = Field(description="Whether `score` was set by hand.")
    excused: bool = Field(description="Whether it is left out of all sums.")
    late: bool
    attempts: int
    pending: int = Field(description="Attempts that are still being graded.")
    submitted_at: datetime | None
    remarks: int = Field(description="Remarks for staff on the attempt that counts.")
    hidden: bool = Field(
        description="Whether the caller is not shown the whole score; `score` is then of `most`."
    )
    most: float | None = Field(
        description="What `score` is of, where it is not of all points: those of shown checks."
    )

    @classmethod
    def of(cls, assignment_id: int, grade: Grade, counting: Counting | None) -> Self:
        """A grade in the gradebook, with the attempt that counts."""
        return cls(
            assignment_id=assignment_id,
            submission_id=counting.submission_id if counting else None,
            submitted_at=counting.submitted_at if counting else None,
            **{name: getattr(grade, name) for name in cls.model_fields if hasattr(grade, name)},
        )


class RowView(View):
    """One student's line."""

    student: PersonView
    scores: list[GradeView] = Field(description="Assignments without anything are left out.")
    total: float = Field(description="The points in all.")
    possible: float = Field(description="The points that could be had by now.")
    share: float | None = Field(
        description="From 0 to 1, by the groups' weights; null where nothing counts yet."
    )
    dropped: bool = Field(description="They have left the course.")

    @classmethod
    def of(cls, row: Row, counting: Mapping[Pair, Counting]) -> Self:
        """A row of the gradebook; `counting` has the attempts that count."""
        user_id = row.student.id
        return cls(
            student=PersonView.model_validate(row.student),
            scores=[
                GradeView.of(number, grade, counting.get((user_id, number)))
                for number, grade in row.grades.items()
            ],
            total=row.total.points,
            possible=row.total.possible,
            share=row.total.share,
            dropped=row.dropped,
        )


class Column(View):
    """One assignment of the gradebook."""

    id: int
    title: str
    max_score: float
    due_at: datetime | None
    in_sums: bool = Field(description="Whether students can see what it asks, so that it counts.")


class GradebookView(View):
    """Students by assignments."""

    course_id: int
    assignments: list[Column]
    students: list[RowView] = Field(description="A page of them, by `id`.")
    max_total: float

    @classmethod
    def of(cls, book: Gradebook, rows: Sequence[Row], counting: Mapping[Pair, Counting]) -> Self:
        """Some rows of a gradebook; `counting` has their attempts that count."""
        return cls(
            course_id=book.course.id,
            assignments=[
                Column(
                    id=one.id,
                    title=one.assignment.title,
                    max_score=one.max_score,
                    due_at=one.assignment.due_at,
                    in_sums=one.is_counted,
                )
                for one in book.columns
            ],
            students=[RowView.of(row, counting) for row in rows],
            max_total=book.max_total,
        )
