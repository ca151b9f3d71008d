"""Owns the pages about teams, in every state that they can have."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Course
from app.teaching.teams import joining, placing
from tests.pages.gallery.of_courses import LONG, Pages
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person


def of_teams(db: Session, cast: Cast, who: dict[str, Person], course: Course) -> Pages:
    student, staff = who["student"], who["instructor"]
    others = [cast.person(f"{LONG} the {which}", course) for which in ("Second", "Third")]
    asked = cast.person("Asked Somebody", course)
    sheet = cast.assignment(
        course, title="A project of teams", team_size=4, due_at=now() + timedelta(days=9)
    )
    none = cast.assignment(course, title="No teams yet", team_size=2, students_form_teams=False)
    for one in (student, *others):
        placing.put(db, Actor(staff.user), sheet.id, one.user.id, f"Team of {LONG}")
    joining.invite(db, Actor(student.user), sheet.id, asked.email)
    db.commit()
    made = attempt(db, sheet, student, 0.6)
    here, empty = f"/assignments/{sheet.id}", f"/assignments/{none.id}"
    return {
        "own team": (student, f"{here}/team"),
        "own team, asked": (asked, f"{here}/team"),
        "own team, none": (student, f"{empty}/team"),
        "assignment of a team": (student, here),
        "assignment, asked by a team": (asked, here),
        "attempt of a team": (others[0], f"/submissions/{made.id}"),
        "teams": (staff, f"{here}/teams"),
        "teams, none": (staff, f"{empty}/teams"),
        "extensions where there are teams": (staff, f"{here}/extensions"),
    }
