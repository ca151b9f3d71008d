"""Owns how worker and beat come back to Redis: trying every second, however long it was away.

Celery's own would try ever more seldom, up to every thirty seconds.
"""

from __future__ import annotations

import itertools
from typing import Any

import structlog
from celery import beat
from celery.worker import consumer
from celery.worker.state import maybe_shutdown

from app.infrastructure import queue

_RETRY_S = 1
_TELL_EVERY = 30
log = structlog.get_logger(__name__)


def _connected(connection: Any, **options: Any) -> Any:
    tries = itertools.count()

    def tell(error: Exception, _interval: float) -> None:
        if next(tries) % _TELL_EVERY == 0:
            log.warning("redis.away", error=str(error))

    return connection.ensure_connection(
        tell,
        interval_start=_RETRY_S,
        interval_step=0,
        **options,
    )


class Consumer(consumer.Consumer):  # type: ignore[misc]
    """What takes messages. It has a sweep made at each new connection: something may lie around."""

    def ensure_connected(self, conn: Any) -> Any:
        """`conn`, once it is connected. A worker told to stop meanwhile stops."""
        connected = _connected(conn, callback=maybe_shutdown)
        queue.request_sweep()
        return connected

    def create_task_handler(self, *arguments: Any) -> Any:
        """Takes a message. One that cannot be acknowledged has the worker connect anew.

        Celery would only log that, and go on counting the message as one in work: after as many of
        them as it has processes, it would ask for no more.
        """
        take = super().create_task_handler(*arguments)

        def take_message(message: Any) -> Any:
            message.ack_log_error = lambda *_: message.ack()
            message.reject_log_error = lambda *_, requeue=False: message.reject(requeue=requeue)
            return take(message)

        return take_message


class Scheduler(beat.Scheduler):  # type: ignore[misc]
    """What sends sweeps. It keeps no file: nothing of it is worth remembering over a restart."""

    def _ensure_connected(self) -> Any:
        return _connected(self.connection)
