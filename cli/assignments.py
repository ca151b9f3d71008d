"""Commands for assignments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import database
from cli.failure import Failure
from cli.tables import AsJson, show
from cli.teaching import WhichCourse

if TYPE_CHECKING:
    from app.models import Course

assignment = typer.Typer(help="Assignments.", no_args_is_help=True)
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]


@assignment.command("add")
def add_assignment(
    course: WhichCourse,
    title: Annotated[str, typer.Argument(help="The title people see.")],
    exercise: Annotated[
        list[str] | None,
        typer.Option(help="SLUG or SLUG=POINTS, in order; all seven when none is given."),
    ] = None,
    statement: Annotated[
        Path | None, typer.Option(help="A file of Markdown: what is asked for.")
    ] = None,
    opens: Annotated[
        datetime | None,
        typer.Option(help="Earlier work is not taken (the course's time zone).", formats=_FORMATS),
    ] = None,
    due: Annotated[
        datetime | None,
        typer.Option(help="Later work is late (the course's time zone).", formats=_FORMATS),
    ] = None,
    closes: Annotated[
        datetime | None,
        typer.Option(help="Later work is not taken (the course's time zone).", formats=_FORMATS),
    ] = None,
    attempts: Annotated[int | None, typer.Option(min=1, help="Most attempts of a student.")] = None,
    counts: Annotated[str, typer.Option(help="Which attempt counts: best or latest.")] = "best",
    checks: Annotated[
        str, typer.Option(help="Checks without handing in: free, counted or off.")
    ] = "free",
    hidden: Annotated[bool, typer.Option("--hidden", help="Not yet shown to students.")] = False,
) -> None:
    """Make an assignment, 10 points an exercise unless said otherwise."""
    with database.session() as session:
        from app import assignments, courses

        where = courses.get(session, course)
        draft = assignments.Draft(
            title=title,
            points=_points(exercise or []),
            statement=_text(statement) if statement else "",
            published=not hidden,
            opens_at=_in_zone(opens, where),
            due_at=_in_zone(due, where),
            closes_at=_in_zone(closes, where),
            max_attempts=attempts,
            counts=counts,
            checks=checks,
        )
        made = assignments.create(session, where.id, draft)
        told = (
            f"Added assignment {made.id} to {where.code}, {made.max_score:g} points: {made.title}"
        )
    typer.echo(told)


@assignment.command("list")
def list_assignments(course: WhichCourse, as_json: AsJson = False) -> None:
    """Show a course's assignments. Times are in UTC."""
    with database.session() as session:
        from app import assignments, courses

        keys = "id title published opens_at due_at closes_at max_attempts counts checks max_score"
        found = assignments.all_of(session, courses.get(session, course).id)
        rows = [{key: getattr(one, key) for key in keys.split()} for one in found]
    show(rows, as_json=as_json)


def _points(given: list[str]) -> dict[str, float]:
    from graders.exercises import COURSE_TEXT

    points: dict[str, float] = {}
    for item in given or COURSE_TEXT:
        slug, said, number = item.partition("=")
        if slug in points:
            raise Failure(f"The exercise {slug!r} is given twice.", "Name each once.")
        try:
            points[slug] = float(number) if said else 10.0
        except ValueError:
            raise Failure(f"{item!r} has no number of points.", "Write it as sum=10.") from None
    return points


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not a UTF-8 text file.") from None


def _in_zone(moment: datetime | None, course: Course) -> datetime | None:
    from zoneinfo import ZoneInfo

    return moment and moment.replace(tzinfo=ZoneInfo(course.timezone))
