"""Owns what is said to the workers. Postgres is the queue of record; a message only wakes one."""

from __future__ import annotations

import logging
import os
import time
import uuid
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from celery import Celery, signals
from kombu.exceptions import ChannelError, OperationalError
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.infrastructure.logs import configure
from app.settings import settings

GRADE = "chainrule.grade"
SWEEP = "chainrule.sweep"
# Sweeps have a queue of their own, or they would stand behind the very work they look after.
GRADES, SWEEPS = "chainrule", "chainrule.sweeps"
_CONNECT_S = 1.0
# Where Redis hangs rather than refuses, not every upload shall wait to find that out.
_SLOW_S, _SILENCE_S = 0.2, 5.0
_silent_until = 0.0
_SWEEP_EXPIRES_S = 30  # no pile of them for a worker that was away
_TRANSPORT = {
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": _CONNECT_S,
    "socket_timeout": _CONNECT_S + 1,  # more than the second that a worker's BRPOP takes
    "socket_keepalive": True,
    # Without these a send waits for Redis to come back, and the student with it.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
log = structlog.get_logger(__name__)


@lru_cache
def celery() -> Celery:
    """The Celery application, configured so that a killed worker's message comes back soon."""
    application = Celery("chainrule", broker=_broker(settings().redis_url.get_secret_value()))
    application.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_queues={GRADES: {}, SWEEPS: {}},
        task_default_queue=GRADES,
        task_routes={SWEEP: {"queue": SWEEPS}},
        task_soft_time_limit=settings().grading_seconds,
        task_time_limit=settings().grading_seconds + 5,
        task_publish_retry=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=_CONNECT_S,
        worker_concurrency=settings().worker_concurrency or len(os.sched_getaffinity(0)),
        worker_proc_alive_timeout=60,
        worker_enable_remote_control=False,  # whoever can write to Redis must not command workers
        worker_consumer="worker.processes.reconnecting:Consumer",
        beat_scheduler="worker.processes.reconnecting:Scheduler",
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_transport_options={
            "visibility_timeout": settings().grading_seconds + 30,
            **_TRANSPORT,
        },
        beat_schedule={
            "sweep": {
                "task": SWEEP,
                "schedule": settings().sweep_seconds,
                "options": {"expires": _SWEEP_EXPIRES_S},
            }
        },
    )
    return application


def _broker(url: str) -> str:
    """The address as Celery writes it, which has words of its own for a Unix socket."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={number}"


def announce_committed(session: Session, submission_id: uuid.UUID) -> None:
    """Wake a worker for a submission once this transaction is committed."""
    database.when_committed(session, partial(announce, submission_id))


def announce(submission_id: uuid.UUID, *, after_s: float = 0.0) -> bool:
    """Wake a worker, after the commit, now or in `after_s` seconds.

    False when Redis is away: then the sweeper does it later.
    """
    global _silent_until
    began = time.monotonic()
    if began < _silent_until:
        return False
    try:
        celery().send_task(GRADE, args=[str(submission_id)], countdown=after_s or None)
    except (OperationalError, OSError) as error:
        log.warning("queue.away", submission=str(submission_id), error=type(error).__name__)
        failed = time.monotonic()
        if failed - began > _SLOW_S:
            _silent_until = failed + _SILENCE_S
        return False
    return True


def sweep_committed(session: Session) -> None:
    """Have a worker look for what was left behind once this transaction is committed."""
    database.when_committed(session, request_sweep)


def request_sweep() -> None:
    """Have a worker look for what was left behind, ahead of the next beat."""
    try:
        celery().send_task(SWEEP, expires=_SWEEP_EXPIRES_S)
    except (OperationalError, OSError) as error:
        log.warning("queue.away", error=type(error).__name__)


def warm() -> None:
    """Connect ahead of the first upload, which would wait a tenth of a second for it."""
    try:
        with celery().producer_pool.acquire(block=True) as producer:
            producer.connection.default_channel  # noqa: B018 (connects)
    except (OperationalError, OSError) as error:
        log.warning("queue.away", error=type(error).__name__)


def announced() -> int:
    """How many wake-up messages wait for a worker. Raises OperationalError without Redis."""
    with celery().connection_or_acquire() as connection:
        try:
            declared = connection.default_channel.queue_declare(GRADES, passive=True)
        except ChannelError:  # Redis has lost its data, or nothing was ever sent
            return 0
        return int(declared.message_count)


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_all_do(**_: Any) -> None:
    """In worker and beat, instead of what Celery would set up."""
    configure()
    for chatty in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
