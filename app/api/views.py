"""Owns the JSON that tells of people, courses, assignments and the gradebook."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.visibility import VisibilityView
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


class ActorView(View):
    """Who did something: a person, or a service account, which has a name alone."""

    id: int
    name: str
    email: str | None = Field(description="Null for a service account.")
    external_id: str | None = Field(description="The LMS's or school's own id for a person.")


class MeView(ActorView):
    """Who holds the token, and how far it reaches."""

    kind: Literal["person", "service"] = Field(description="`service`: it belongs to no person.")
    is_admin: bool = Field(description="Whether it reaches the whole site, as far as its scopes.")
    scopes: list[str]
    course_id: int | None = Field(description="The only course that the token is for, if any.")

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """The holder of a token."""
        holder = ActorView.model_validate(actor.user).model_dump()
        return cls(
            **holder,
            kind=actor.user.kind,
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
    role: Role | None = Field(
        description="The caller's role; null for a site administrator and a service account."
    )
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
    external_id: str | None = Field(description="An LMS's own id for it.")
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
        names = "id course_id title external_id published opens_at due_at closes_at max_attempts"
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
