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
Title = Annotated[str, typer.Argument(help="The title people see.")]
Exercises = Annotated[
    list[str] | None,
    typer.Option(help="SLUG or SLUG=POINTS, in order; all seven when none is given."),
]
Statement = Annotated[Path | None, typer.Option(help="A file of Markdown: what is asked for.")]
Opens = Annotated[
    str, typer.Option(help="Earlier work is not taken: 2026-11-27T14:00, or a date alone.")
]
Due = Annotated[str, typer.Option(help="Later work is late; a date alone is the end of that day.")]
Closes = Annotated[
    str, typer.Option(help="Later work is not taken; a date alone is the end of that day.")
]


@assignment.command("add")
def add_assignment(
    course: WhichCourse,
    title: Title,
    exercise: Exercises = None,
    statement: Statement = None,
    opens: Opens = "",
    due: Due = "",
    closes: Closes = "",
    attempts: Annotated[int | None, typer.Option(min=1, help="Most attempts of a student.")] = None,
    counts: Annotated[str, typer.Option(help="best, latest, 'best on time' or chosen.")] = "best",
    trials: Annotated[
        str, typer.Option(help="Trials without handing in: free, counted or off.")
    ] = "free",
    hidden: Annotated[bool, typer.Option("--hidden", help="Not yet shown to students.")] = False,
) -> None:
    """Make an assignment, 10 points an exercise unless said otherwise.

    Times are in the course's time zone, unless they name another.
    """
    with database.session() as session:
        from app.teaching import assignments, courses

        where = courses.get_open(session, course)
        draft = assignments.Draft(
            title=title,
            points=_points(exercise or []),
            statement=_text(statement) if statement else "",
            published=not hidden,
            opens_at=_read(opens, where, ends=False),
            due_at=_read(due, where, ends=True),
            closes_at=_read(closes, where, ends=True),
            max_attempts=attempts,
            counts=counts,
            trials=trials,
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
        from app.teaching import assignments, courses

        keys = "id title published opens_at due_at closes_at max_attempts counts trials max_score"
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


def _read(text: str, course: Course, *, ends: bool) -> datetime | None:
    from app.timing import moments

    try:
        return moments.read(text, course.timezone, ends=ends)
    except ValueError:
        raise Failure(
            f"{text!r} is no time.", "Write one like 2026-11-27T14:00, in the course's time zone."
        ) from None
