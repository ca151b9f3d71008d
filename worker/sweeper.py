"""Owns bringing back what was left behind: submissions of dead workers, wake-ups that got lost."""

from __future__ import annotations

import structlog

from app.exports.prepared import asking, writing
from app.grading import trials, visitors
from app.idempotency import answers
from app.infrastructure import database, pubsub, queue
from app.scheduling import cell_registry, leases, progress, visitor_turns
from app.webhooks import closings
from worker.processes import pool_process

log = structlog.get_logger(__name__)


def sweep() -> None:
    """Give back what is leased no longer, and have a message for each worker that could take one.

    A message wakes a worker to whatever submission's turn it is, so only their number matters; who
    has ended one wakes a worker for the next. Trials, exports and kept answers whose day is over
    go away, or a visitor's hour.
    """
    with database.session() as session:
        if not leases.alone(session):
            return
        returned = leases.reclaim_expired(session)
        workers = sum(cell_registry.present(session).values())
        visitor_turns.reclaim_expired(session)
        progress.forget_old(session)
        waiting = (
            leases.due(session, max(1, workers))
            or visitor_turns.due(session)
            or writing.due(session)
        )
        forgotten = trials.forget(session) + visitors.forget(session)
        asking.forget(session)
        answers.forget(session)
        session.commit()
    if forgotten:
        log.info("trials.forgotten", number=forgotten)
    for submission_id in returned:
        log.warning("lease.expired", submission=str(submission_id))
        pool_process.count("fault lease")
        pubsub.publish(submission_id)
    missing = len(waiting) - queue.announced() if waiting else 0
    if missing > 0:
        log.info("queue.announcing_again", messages=missing, waiting=len(waiting))
        for waiting_id in waiting[:missing]:
            queue.announce(waiting_id)
    _tell_of_closings()


def _tell_of_closings() -> None:
    """The last thing, as no submission may wait for it."""
    with database.session() as session:
        closed = closings.tell(session)
        session.commit()
    if closed:
        log.info("closings.told", number=closed)
