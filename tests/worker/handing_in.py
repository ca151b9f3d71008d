"""Owns handing files in without the web, and looking at what became of them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select, update

from app.grading import submissions
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Assignment, ExerciseResult, Submission
from app.regrades import making
from app.scheduling import cell_registry, leases
from app.scheduling.leases import Work
from tests.support.cast import Person

EMPTY = b"# nothing yet\n"


def hand_in(person: Person, assignment: Assignment, source: bytes = EMPTY) -> uuid.UUID:
    """Store one file as `queued`; nobody is woken."""
    with database.session() as session:
        upload = Upload("work.py", source)
        made = submissions.accept(session, Actor(person.user), assignment.id, upload)
        database.forget_acts(session)
        session.commit()
    return made.id


def claim() -> Work | None:
    """Claim as a worker does."""
    with database.session() as session:
        claimed = leases.claim(session)
        session.commit()
    return claimed


def claimed() -> Work:
    """Claim what must be there."""
    found = claim()
    assert found is not None, "nothing to claim"
    return found


def settle(work: Work, score: float = 1.0) -> bool:
    """Store a report as the holder of `work`'s lease."""
    exercise = {"slug": "sum", "score": score, "max_score": 10.0}
    report = {
        "score": score,
        "max_score": 10.0,
        "grader_version": "test",
        "notes": [],
        "remarks": [],
        "exercises": [exercise],
    }
    with database.session() as session:
        kept = leases.settle(session, work.id, work.lease, report)
        session.commit()
    return kept


def begun(work: Work, seconds: float = 0.0) -> None:
    """As if it had been claimed so long ago, however busy this machine is."""
    with database.session() as session:
        session.execute(
            update(Submission)
            .where(Submission.id == work.id)
            .values(started_at=func.now() - timedelta(seconds=seconds))
        )
        session.commit()


def graded_next() -> uuid.UUID:
    """Grade whatever is next, which must be there, in no time."""
    work = claimed()
    begun(work)
    assert settle(work)
    return work.id


def regrade(teacher: Person, assignment: Assignment) -> dict[uuid.UUID, uuid.UUID]:
    """Begin a preview of all attempts; the new submissions' ids by those of the attempts."""
    with database.session() as session:
        made = making.make(session, Actor(teacher.user), assignment.id, making.ALL)
        database.forget_acts(session)
        session.commit()
        new = select(Submission.of_id, Submission.id).where(Submission.regrade_id == made.id)
        return {of: one for of, one in session.execute(new) if of is not None}


def workers(number: int) -> None:
    """Have so many processes say that they grade."""
    with database.session() as session:
        for _ in range(number):
            cell_registry.report(session, uuid.uuid4(), "test", {})
        session.commit()


def look(submission_id: uuid.UUID) -> Submission:
    """The row as it is now."""
    with database.session() as session:
        return session.get_one(Submission, submission_id)


def result_rows(submission_id: uuid.UUID) -> int:
    """How many results of exercises are stored for it."""
    with database.session() as session:
        return session.scalars(
            select(func.count()).where(ExerciseResult.submission_id == submission_id)
        ).one()


def let_lease_run_out(submission_id: uuid.UUID) -> None:
    """As when its worker died a while ago."""
    with database.session() as session:
        session.execute(
            update(Submission)
            .where(Submission.id == submission_id)
            .values(leased_until=func.now() - timedelta(seconds=1))
        )
        session.commit()


def reclaim() -> list[uuid.UUID]:
    """Give back what is leased no longer, as the sweeper does."""
    with database.session() as session:
        returned = leases.reclaim_expired(session)
        session.commit()
    return returned
