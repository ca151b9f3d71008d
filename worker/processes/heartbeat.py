"""Owns what a pool process says of itself, in a thread beside its grading.

That it is there, whether it has a warm cell, what has happened to its cells, which faults there
were.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.infrastructure import database
from app.scheduling import cell_registry

_LOOK_S = 0.1
log = structlog.get_logger(__name__)


class Heartbeat:
    """Of one process. What happened is said at once, the rest every few seconds.

    Nothing is said before `may_begin` says so.
    """

    def __init__(self, may_begin: Callable[[], bool] = lambda: True) -> None:
        self._may_begin = may_begin
        self.container: str | None = None
        """What the cell runs in; None while there is no warm one."""
        self._id = uuid.uuid4()
        self._happened: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._over = False
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to say it."""
        self._thread.start()

    def count(self, what: str) -> None:
        """Count an event; see `app.scheduling.cell_registry.report`. Takes no time."""
        with self._lock:
            self._happened[what] += 1
        self._wake.set()

    def stop(self) -> None:
        """Say that this process ends."""
        self._over = True
        self._wake.set()
        self._thread.join(cell_registry.BEAT_S)

    def _beat(self) -> None:
        while not self._may_begin():
            if self._over:
                return
            self._wake.wait(_LOOK_S)
            self._wake.clear()
        while not self._over:
            self._say()
            self._wake.wait(cell_registry.BEAT_S)
            self._wake.clear()
        self._say()

    def _say(self) -> None:
        with self._lock:
            happened, self._happened = self._happened, Counter()
        try:
            with database.session() as session:
                cell_registry.report(session, self._id, self.container, happened)
                if self._over:
                    cell_registry.leave(session, self._id)
                session.commit()
        except SQLAlchemyError as error:
            log.debug("heartbeat.unheard", error=str(error))
            with self._lock:
                self._happened.update(happened)
