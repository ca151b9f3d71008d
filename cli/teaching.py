"""Commands for courses and who is in them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import database
from cli.tables import AsJson, show

course = typer.Typer(help="Courses.", no_args_is_help=True)
WhichCourse = Annotated[str, typer.Argument(help="The course's code, or else its id.")]
WhichUser = Annotated[str, typer.Argument(help="An e-mail address, or else an external id.")]


@course.command("add")
def add_course(
    code: Annotated[str, typer.Argument(help="A short unique name, such as dl-2026.")],
    title: Annotated[str, typer.Argument(help="The title people see.")],
    timezone: Annotated[str, typer.Option(help="An IANA time zone for due dates.")] = "UTC",
) -> None:
    """Make a course."""
    with database.session() as session:
        from app.teaching import courses

        made = courses.add(session, code, title, timezone)
        told = f"Added course {made.code} (id {made.id})."
    typer.echo(told)


@course.command("list")
def list_courses(as_json: AsJson = False) -> None:
    """Show all courses."""
    with database.session() as session:
        from sqlalchemy import select

        from app.models import Course

        keys = ("id", "code", "title", "timezone")
        found = session.scalars(select(Course).order_by(Course.id))
        rows = [{key: getattr(one, key) for key in keys} for one in found]
    show(rows, as_json=as_json)


def enrol(
    course: WhichCourse,
    user: WhichUser,
    role: Annotated[
        str | None,
        typer.Option(
            help="student, tutor, assistant or instructor; without it, the one they have."
        ),
    ] = None,
) -> None:
    """Put somebody into a course, or give them another role there."""
    with database.session() as session:
        from app.identity import accounts
        from app.teaching import courses

        given = courses.role_named(role) if role is not None else None
        person = accounts.get(session, user)
        where = courses.get_open(session, course)
        held = courses.enrol(session, where, person, given).role
        told = f"{person.email} is {held.value} in {where.code} (id {where.id})."
    typer.echo(told)


def unenrol(course: WhichCourse, user: WhichUser) -> None:
    """Take somebody out of a course. Their work and grades stay, and `enrol` puts them back."""
    with database.session() as session:
        from app.identity import accounts
        from app.teaching import courses

        person = accounts.get(session, user)
        where = courses.get_open(session, course)
        courses.leave(session, where.id, person.id)
        told = f"{person.email} is no longer in {where.code} (id {where.id})."
    typer.echo(told)
