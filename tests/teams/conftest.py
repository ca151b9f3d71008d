"""A sheet that teams of up to three hand in, and what puts people into teams there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course, Team
from app.teaching.teams import placing
from tests.support.cast import Cast, Person

Together = Callable[..., Team]


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, team_size=3, due_at=now() + timedelta(days=3))


@pytest.fixture
def together(db: Session, instructor: Person) -> Together:
    def put(assignment: Assignment, *people: Person, title: str = "Red") -> Team:
        for person in people:
            team = placing.put(db, Actor(instructor.user), assignment.id, person.user.id, title)
        db.commit()
        assert team is not None
        return team

    return put
