"""A preview outlives a worker that dies, leaves nothing when it is cancelled, and gives way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.exc import OperationalError

from app.grading import submissions
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Assignment, Regrade, Role, Status, Submission
from app.regrades import applying
from app.scheduling import fair_shares, queue_position
from tests.support.cast import Cast, Person
from tests.worker.handing_in import (
    EMPTY,
    begun,
    claim,
    claimed,
    graded_next,
    hand_in,
    let_lease_run_out,
    look,
    reclaim,
    regrade,
    result_rows,
    settle,
    workers,
)


class Scene:
    """A graded attempt, and who may have it graded again."""

    def __init__(self, quiet: Cast) -> None:
        self.course = quiet.course()
        self.sheet: Assignment = quiet.assignment(self.course)
        self.teacher: Person = quiet.person("Ines", self.course, Role.INSTRUCTOR)
        self.student: Person = quiet.person("Sam", self.course)
        self.old = hand_in(self.student, self.sheet)
        graded_next()


@pytest.fixture
def scene(quiet: Cast) -> Scene:
    return Scene(quiet)


def test_a_worker_that_dies_costs_a_preview_a_try_and_nothing_else(scene: Scene) -> None:
    new = regrade(scene.teacher, scene.sheet)[scene.old]
    first = claimed()
    let_lease_run_out(new)
    assert reclaim() == [new]
    second = claimed()
    assert (second.id, second.claims) == (new, 2)
    assert not settle(first, score=3.0)
    assert settle(second, score=7.0)
    assert (look(new).score, look(scene.old).score) == (7.0, 1.0)


def test_what_is_cancelled_while_a_worker_has_it_leaves_nothing_behind(scene: Scene) -> None:
    new = regrade(scene.teacher, scene.sheet)[scene.old]
    work = claimed()
    with database.session() as session:
        number = session.get_one(Submission, new).regrade_id
        applying.cancel(session, Actor(scene.teacher.user), number or 0)
        session.commit()
    assert not settle(work)
    assert claim() is None
    assert result_rows(new) == 0
    with database.session() as session:
        assert session.get(Submission, new) is None
        assert session.get_one(Regrade, number).cancelled_at is not None
    assert (look(scene.old).status, look(scene.old).score) == (Status.GRADED, 1.0)


def test_a_long_preview_gives_way_to_live_work_and_to_nothing_else(
    quiet: Cast, scene: Scene
) -> None:
    other = hand_in(quiet.person("Mei", scene.course), scene.sheet)
    assert graded_next() == other
    workers(3)
    regrade(scene.teacher, scene.sheet)
    work = claimed()
    begun(work, 5)

    def must_give_way() -> bool:
        with database.session() as session:
            return fair_shares.must_give_way(session, work.id)

    assert not must_give_way()  # the other preview waits
    hand_in(scene.student, scene.sheet)
    assert must_give_way()


def test_a_score_of_last_month_that_was_changed_makes_nobody_expect_a_month_of_waiting(
    scene: Scene,
) -> None:
    ago = func.now() - timedelta(days=30)
    with database.session() as session:
        times = dict.fromkeys(("queued_at", "started_at", "graded_at"), ago)
        session.execute(update(Submission).values(times))
        session.commit()
    regrade(scene.teacher, scene.sheet)
    work = claimed()
    assert settle(work, score=2.0)
    with database.session() as session:
        number = session.get_one(Submission, work.id).regrade_id
        applying.apply(session, Actor(scene.teacher.user), number or 0, "So it is.")
        session.commit()
        assert queue_position.expected_wait(session, 0) < 3600
    assert look(scene.old).score == 2.0


def test_no_file_slips_in_between_other_points_and_what_is_graded_for_them(scene: Scene) -> None:
    with database.session() as session, database.session() as meanwhile:
        applying.queue_again(session, scene.sheet.id)
        meanwhile.execute(text("SET LOCAL lock_timeout = '100ms'"))
        upload = Upload("work.py", EMPTY)
        with pytest.raises(OperationalError, match="lock timeout"):
            submissions.accept(meanwhile, Actor(scene.student.user), scene.sheet.id, upload)
        session.rollback()
