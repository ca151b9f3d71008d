"""Migrations make the tables that the models describe, and lose nothing on the way."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, select, text

from app.grading import trials
from app.grading.rules import admission
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Assignment, CounterTotal, ExerciseResult, Kind, Submission, Trials
from app.models.declarative import Base
from tests.support.cast import Cast
from tests.worker.handing_in import hand_in


def migrated(direction: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    getattr(command, direction)(config, revision)


def counted(question: str) -> object:
    with database.session() as session:
        return session.execute(text(question)).scalar_one()


def test_equal_files_become_one_and_are_copied_back(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    people = [quiet.person(f"Student {number}", course) for number in range(3)]
    made = [
        hand_in(person, assignment, source)
        for person, source in zip(people, (b"same\n", b"same\n", b"other\n"), strict=True)
    ]
    migrated("downgrade", "0007")
    assert counted("SELECT count(*) FROM submissions WHERE source = 'same\n'") == 2
    database.engine().dispose()
    with database.session() as session:
        session.execute(text("UPDATE submissions SET sha256 = ''"))
        session.commit()
    migrated("upgrade", "head")
    database.engine().dispose()
    assert counted("SELECT count(*) FROM sources WHERE content IN ('same\n', 'other\n')") == 2
    with database.session() as session:
        rows = [session.get_one(Submission, one) for one in made]
        assert [row.source for row in rows] == [b"same\n", b"same\n", b"other\n"]
        assert rows[0].sha256 == rows[1].sha256 != rows[2].sha256


def test_trials_and_their_totals_were_checks_once_and_become_trials_again(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course, trials="counted")
    student = quiet.person("Student", course)
    with database.session() as session:
        made = trials.accept(session, Actor(student.user), assignment.id, Upload("a.py", b"1\n")).id
        session.merge(CounterTotal(name="trial", label="full", bucket=0, count=7, total=0))
        session.commit()
    hand_in(student, assignment, b"2\n")
    mine = f"assignment_id = {assignment.id}"
    migrated("downgrade", "0010")
    database.engine().dispose()
    for kind in ("check", "hand-in"):
        question = f"SELECT count(*) FROM submissions WHERE kind = '{kind}' AND {mine}"
        assert counted(question) == 1
    assert counted(f"SELECT checks FROM assignments WHERE id = {assignment.id}") == "counted"
    assert counted("SELECT count FROM tallies WHERE name = 'check' AND label = 'full'") == 7
    migrated("upgrade", "head")
    database.engine().dispose()
    with database.session() as session:
        assert session.get_one(Submission, made).kind is Kind.TRIAL
        found = session.get_one(Assignment, assignment.id)
        assert found.trials is Trials.COUNTED
        assert session.get_one(CounterTotal, ("trial", "full", 0)).count == 7
        found.max_attempts = 3
        assert admission.allowance(session, found, student.user.id, found.terms).left == 1


def test_migrations_make_the_tables_that_the_models_describe(quiet: Cast) -> None:
    with database.engine().connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_constraints_on_values_that_the_models_name(quiet: Cast) -> None:
    names = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
    with database.engine().connect() as connection:
        there = set(connection.execute(text(names)).scalars())
    said = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert said == there


def test_what_a_failed_check_shows_has_its_new_name_in_reports_of_before(quiet: Cast) -> None:
    """And a text that only speaks of the old name keeps its words."""
    course = quiet.course()
    made = hand_in(quiet.person("Student", course), quiet.assignment(course), b"1\n")
    says = 'a text with "evidence": in it'
    shown = {"slug": "sum", "summary": says, "checks": [{"exhibit": {"what": says}}]}
    with database.session() as session:
        points = {"position": 0, "score": 1.0, "max_score": 2.0}
        session.add(ExerciseResult(submission_id=made, slug="sum", report=shown, **points))
        session.commit()
    migrated("downgrade", "0011")
    database.engine().dispose()
    mine = f"FROM exercise_results WHERE submission_id = '{made}'"
    assert counted(f"SELECT report#>>'{{checks,0,evidence,what}}' {mine}") == says
    migrated("upgrade", "head")
    database.engine().dispose()
    with database.session() as session:
        assert session.scalars(select(ExerciseResult.report)).one() == shown
