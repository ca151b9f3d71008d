"""Commands for courses: who is in them, what they ask for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import database
from cli.failure import Failure

if TYPE_CHECKING:
    from app.models import Course

course = typer.Typer(help="Courses.", no_args_is_help=True)
assignment = typer.Typer(help="Assignments.", no_args_is_help=True)
WhichCourse = Annotated[str, typer.Argument(help="The course's code or id.")]


@course.command("add")
def add_course(
    code: Annotated[str, typer.Argument(help="A short unique name, such as dl-2026.")],
    title: Annotated[str, typer.Argument(help="The title people see.")],
    timezone: Annotated[str, typer.Option(help="An IANA time zone for due dates.")] = "UTC",
) -> None:
    """Make a course."""
    with database.session() as session:
        from app import courses

        made = courses.add(session, code, title, timezone)
        told = f"Added course {made.code} (id {made.id})."
    typer.echo(told)


def enrol(
    course: WhichCourse,
    user: Annotated[str, typer.Argument(help="An e-mail address or external id.")],
    role: Annotated[str, typer.Option(help="student, assistant or instructor.")] = "student",
) -> None:
    """Put somebody into a course, or give them another role there."""
    with database.session() as session:
        from app import accounts, courses
        from app.models import Role

        if role not in list(Role):
            raise Failure(f"{role!r} is not a role.", "Use student, assistant or instructor.")
        person = accounts.get(session, user)
        where = courses.get(session, course)
        courses.enrol(session, where, person, Role(role))
        told = f"{person.email} is {role} in {where.code}."
    typer.echo(told)


@assignment.command("add")
def add_assignment(
    course: WhichCourse,
    title: Annotated[str, typer.Argument(help="The title people see.")],
    exercise: Annotated[
        list[str] | None,
        typer.Option(help="SLUG or SLUG=POINTS, in order; all seven when none is given."),
    ] = None,
    due: Annotated[
        datetime | None, typer.Option(help="Later work is late (the course's time zone).")
    ] = None,
    closes: Annotated[
        datetime | None, typer.Option(help="Later work is not taken (the course's time zone).")
    ] = None,
    attempts: Annotated[int | None, typer.Option(min=1, help="Most attempts of a student.")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Not yet shown to students.")] = False,
) -> None:
    """Make an assignment, 10 points an exercise unless said otherwise."""
    with database.session() as session:
        from app import assignments, courses

        where = courses.get(session, course)
        draft = assignments.Draft(
            title=title,
            points=_points(exercise or []),
            published=not hidden,
            due_at=_in_zone(due, where),
            closes_at=_in_zone(closes, where),
            max_attempts=attempts,
        )
        made = assignments.create(session, where.id, draft)
        told = (
            f"Added assignment {made.id} to {where.code}, {made.max_score:g} points: {made.title}"
        )
    typer.echo(told)


def _points(given: list[str]) -> dict[str, float]:
    from graders.exercises import COURSE_TEXT

    points = {}
    for item in given or COURSE_TEXT:
        slug, _, number = item.partition("=")
        try:
            points[slug] = float(number or 10)
        except ValueError:
            raise Failure(f"{item!r} has no number of points.", "Write it as sum=10.") from None
    return points


def _in_zone(moment: datetime | None, course: Course) -> datetime | None:
    from zoneinfo import ZoneInfo

    return moment and moment.replace(tzinfo=ZoneInfo(course.timezone))
