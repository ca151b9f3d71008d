"""Owns giving way: a long run in the last worker ends once somebody new waits for one.

Nothing is lost by it: the file goes back into the queue, and is run from its beginning when one of
the other workers is free.
"""

from __future__ import annotations

import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.infrastructure import database
from app.scheduling import fair_shares

_LOOK_S = 0.5
_SIGNAL = signal.SIGUSR2  # Celery has a use for the other one
log = structlog.get_logger(__name__)


class GaveWay(Exception):
    """The run was ended for somebody else's sake; it says nothing about the submission."""


@contextmanager
def giving_way(submission_id: uuid.UUID) -> Iterator[None]:
    """Raises GaveWay in what runs inside, in the main thread, when it is to end."""
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not over.is_set():
            raise GaveWay

    handler = signal.signal(_SIGNAL, stop)
    watcher = threading.Thread(target=_watch, args=(submission_id, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        signal.signal(_SIGNAL, handler)


def _watch(submission_id: uuid.UUID, over: threading.Event) -> None:
    pause = fair_shares.LONG_S
    while not over.wait(pause):
        pause = _LOOK_S
        try:
            with database.session() as session:
                database.read_without_transaction(session)
                is_in_the_way = fair_shares.must_give_way(session, submission_id)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("preemption.unreachable", submission=str(submission_id), error=str(error))
            continue
        if is_in_the_way and not over.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, _SIGNAL)
            return
