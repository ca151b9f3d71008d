"""Owns giving way: a run ends where somebody else is to have its worker.

Nothing is lost by it: the file goes back into the queue, and is run from its beginning when one of
the other workers is free.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.scheduling import fair_shares

Asked = Callable[[Session], bool]
_LOOK_S = 0.5
_SIGNAL = signal.SIGUSR2  # Celery has a use for the other one
log = structlog.get_logger(__name__)


class GaveWay(Exception):
    """The run was ended for somebody else's sake; it says nothing about the submission."""


@contextmanager
def giving_way(must_give_way: Asked, *, after_s: float = fair_shares.LONG_S) -> Iterator[None]:
    """Raises GaveWay in what runs inside, in the main thread, once it must give way.

    It is asked after so many seconds, and as often from then on, though every half second at least.
    """
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not over.is_set():
            raise GaveWay

    handler = signal.signal(_SIGNAL, stop)
    watcher = threading.Thread(target=_watch, args=(must_give_way, after_s, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        signal.signal(_SIGNAL, handler)


def _watch(must_give_way: Asked, after_s: float, over: threading.Event) -> None:
    pause = after_s
    while not over.wait(pause):
        pause = min(after_s, _LOOK_S)
        try:
            with database.session() as session:
                database.read_without_transaction(session)
                is_in_the_way = must_give_way(session)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("preemption.unreachable", error=str(error))
            continue
        if is_in_the_way and not over.is_set():
            signal.pthread_kill(threading.main_thread().ident or 0, _SIGNAL)
            return
