"""Commands for assignments."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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


Attempts = Annotated[int | None, typer.Option(min=1, help="Most attempts of a student.")]
WhatCounts = Annotated[str, typer.Option(help="best, latest, 'best on time' or chosen.")]
Trying = Annotated[str, typer.Option(help="Trials without handing in: free, counted or off.")]
Hidden = Annotated[bool, typer.Option("--hidden", help="Not yet shown to students.")]
Late = Annotated[
    str, typer.Option(help="What lateness takes off: 10% a day, 5 points, 1% an hour.")
]
LateCap = Annotated[float | None, typer.Option(help="The most that lateness takes off.")]
Grace = Annotated[int, typer.Option(min=0, help="Minutes after the due date that are in time.")]
LateDays = Annotated[int, typer.Option(min=0, help="The course's late days that may be spent.")]
TeamSize = Annotated[int, typer.Option(min=1, help="How many may hand in together.")]
TeamsUntil = Annotated[str, typer.Option(help="Until when students form teams.")]
StaffTeams = Annotated[bool, typer.Option("--staff-teams", help="Those who teach set the teams.")]


_LATE = re.compile(r"([0-9]+(?:[.][0-9]+)?) ?(%|percent|points?)(?: an? (day|hour))?")


@assignment.command("add")
def add_assignment(
    course: WhichCourse,
    title: Title,
    exercise: Exercises = None,
    statement: Statement = None,
    opens: Opens = "",
    due: Due = "",
    closes: Closes = "",
    attempts: Attempts = None,
    counts: WhatCounts = "best",
    trials: Trying = "free",
    late: Late = "",
    late_cap: LateCap = None,
    grace: Grace = 0,
    late_days: LateDays = 0,
    team_size: TeamSize = 1,
    teams_until: TeamsUntil = "",
    staff_teams: StaffTeams = False,
    hidden: Hidden = False,
) -> None:
    """Make an assignment, 10 points an exercise unless said otherwise.

    Times are in the course's time zone, unless they name another.
    """
    rules = {
        **_late(late),
        "late_cap": late_cap,
        "grace_minutes": grace,
        "late_days": late_days,
        "max_attempts": attempts,
        "counts": counts,
        "trials": trials,
        "team_size": team_size,
        "students_form_teams": not staff_teams,
    }
    times = {"opens_at": opens, "due_at": due, "closes_at": closes, "teams_until": teams_until}
    about = {"points": _points(exercise or []), "statement": _text(statement) if statement else ""}
    typer.echo(_made(course, times, rules | about | {"title": title, "published": not hidden}))


def _made(course: str, times: dict[str, str], rules: dict[str, Any]) -> str:
    """Make an assignment of a course, and say so."""
    with database.session() as session:
        from app.teaching import assignments, courses
        from app.teaching.drafts import Draft

        where = courses.get_open(session, course)
        read: dict[str, Any] = {
            name: _read(text, where, ends=name != "opens_at") for name, text in times.items()
        }
        made = assignments.create(session, where.id, Draft(**rules, **read))
        worth = f"{made.max_score:g} points"
        return f"Added assignment {made.id} to {where.code}, {worth}: {made.title}"


def _late(text: str) -> dict[str, Any]:
    """What lateness takes off, as it was written."""
    if not text.strip():
        return {}
    said = re.fullmatch(
        r"\s*([0-9]+(?:[.][0-9]+)?)\s*(%|percent|points?)(?:\s+an?\s+(day|hour))?\s*", text
    )
    if said is None:
        raise Failure(f"{text!r} is no late policy.", "Write one like '10% a day' or '5 points'.")
    unit = "points" if said[2].startswith("point") else "percent"
    return {"late_amount": float(said[1]), "late_unit": unit, "late_per": said[3] or "once"}


@assignment.command("list")
def list_assignments(course: WhichCourse, as_json: AsJson = False) -> None:
    """Show a course's assignments. Times are in UTC."""
    with database.session() as session:
        from app.teaching import assignments, courses

        keys = "id title published opens_at due_at closes_at max_attempts counts trials team_size"
        keys += " max_score"
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
