"""People who have not come in yet."""

from __future__ import annotations

import pytest

from app.infrastructure import database
from app.models import Course, User
from tests.support.cast import Cast


@pytest.fixture
def newcomer(cast: Cast, course: Course) -> User:
    """A student without a password."""
    person = cast.person("Nina New", course).user
    with database.session() as session:
        session.get_one(User, person.id).password_hash = None
        session.commit()
    return person
