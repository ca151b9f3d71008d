"""One address, typed in two ways that look alike, is one account."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from app.identity import accounts
from app.models import Course, User
from app.settings import settings
from app.teaching import courses
from tests.support.cast import PASSWORD, Cast, Person
from tests.support.processes.stack import Stack

ALEMBIC = Path(sys.executable).with_name("alembic")


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    assert unicodedata.normalize("NFD", text) != composed(text)
    return unicodedata.normalize("NFD", text)


@pytest.fixture
def zoe(db: Session, course: Course) -> str:
    """An address with an account, as it was typed when that was made."""
    email = decomposed(f"zoë.{course.id}@cast.example")
    accounts.add(db, email, decomposed("Zoë"), password=PASSWORD)
    db.commit()
    return email


@pytest.mark.parametrize("spell", [composed, decomposed])
def test_either_spelling_signs_in(stack: Stack, zoe: str, spell: object) -> None:
    assert callable(spell)
    form = {"email": spell(zoe), "password": PASSWORD}
    answer = httpx.post(
        f"{stack.url}/sign-in", data=form, trust_env=False, verify=False, timeout=30
    )
    assert answer.status_code == 303


def test_the_other_spelling_makes_no_second_account(
    db: Session, zoe: str, admin: Person, instructor: Person, course: Course
) -> None:
    again = admin.web.post("/accounts", data={"email": composed(zoe), "name": "Zoë"})
    assert again.status_code == 409
    people = f"/courses/{course.id}/people"
    assert instructor.web.post(people, data={"email": composed(zoe)}).status_code == 200
    assert instructor.web.post(people, data={"email": decomposed(zoe)}).status_code != 500
    both = f"email\n{composed(zoe)}\n{decomposed(zoe)}\n"
    shown = instructor.web.post(f"{people}/import", data={"text": both})
    assert "This would put nobody into the course" in shown.text
    known = select(func.count()).where(User.email.in_([composed(zoe), decomposed(zoe)]))
    assert db.scalar(known) == 1


def test_names_external_ids_and_codes_have_one_spelling_too(db: Session, course: Course) -> None:
    mark = f"Öl-{course.id}"
    user = accounts.add(db, f"oe.{course.id}@cast.example", decomposed("Örn"), external_id=mark)
    made = courses.add(db, decomposed(f"übung-{course.id}"), "Exercises")
    assert user.name == composed("Örn")
    assert accounts.get(db, decomposed(mark)) is user
    assert courses.get(db, composed(f"übung-{course.id}")) is made
    db.rollback()


def test_accounts_from_before_get_the_one_spelling_where_nobody_else_has_it(
    cast: Cast, db: Session
) -> None:
    alone, twice = "zoë@old.example", "örn@old.example"
    name = f"spelling_{os.getpid()}"
    with db.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as admin:  # type: ignore[union-attr]
        admin.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            said, kept = migrated(name, [decomposed(alone), composed(twice), decomposed(twice)])
        finally:
            admin.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    assert kept == [composed(alone), composed(twice), decomposed(twice)]
    assert "users 2, 3 have one email in two spellings" in said
    assert "old.example" not in said


def migrated(database: str, emails: list[str]) -> tuple[str, list[str]]:
    """What the migrations say, and make of accounts with these addresses."""
    url = make_url(settings().database_url.get_secret_value()).set(database=database)
    shown = url.render_as_string(hide_password=False)

    def migrate(revision: str) -> str:
        done = subprocess.run(
            [ALEMBIC, "upgrade", revision],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "CHAINRULE_DATABASE_URL": shown},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    migrate("0007")
    engine = create_engine(url)
    with engine.begin() as connection:
        for email in emails:
            values = {"email": email, "name": email}
            connection.execute(
                text("INSERT INTO users (email, name) VALUES (:email, :name)"), values
            )
    said = migrate("head")
    with engine.connect() as connection:
        kept = list(connection.scalars(text("SELECT email FROM users ORDER BY id")))
    engine.dispose()
    return said, kept
