"""The story of a team in the guide for instructors is what happens."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.models import Assignment, Course
from app.teaching.teams import placing
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.timing.test_what_the_guide_says import table


def test_what_a_change_of_the_team_keeps(
    db: Session, cast: Cast, course: Course, sheet: Assignment, instructor: Person
) -> None:
    people = {name: cast.person(name, course) for name in ("Ana", "Ben", "Cem")}
    names = {person.user.id: name for name, person in people.items()}

    def put(name: str, title: str) -> None:
        placing.put(db, Actor(instructor.user), sheet.id, people[name].user.id, title)
        db.commit()

    for what, number, counts_for in table("what happens", "attempt", "counts for"):
        name, verb, *rest = what.split()
        if verb == "joins":
            put(rest[0], "Red")
            put(name, "Red")
        elif verb == "leaves":
            put(name, "")
        else:
            made = attempt(db, sheet, people[name], 0.5)
            members = ", ".join(sorted(names[one.id] for one in made.members))
            assert [str(made.attempt), members] == [number, counts_for]
