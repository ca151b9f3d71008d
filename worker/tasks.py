"""Owns what Celery runs (`chainrule worker`): wake-ups, sweeps, pool processes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import structlog
from celery import signals
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError as RedisAway
from sqlalchemy.exc import OperationalError

from app.infrastructure import queue
from worker import exports, pipeline, sweeper, visitors
from worker.processes import ending, pool_process
from worker.sandbox import CellFault, CellUnavailable

application = queue.celery()
_log = structlog.get_logger(__name__)


@application.task(name=queue.GRADE)  # type: ignore[untyped-decorator]
def grade(submission_id: str) -> None:
    """Grade the file whose turn it is, or else write at an export.

    `submission_id` only says whose upload woke us.

    Nothing is claimed without a cell to run it in, or without a database. What waits then is
    announced again by the sweeper.
    """
    try:
        cell = pool_process.cell()
        if not (pipeline.grade_next(cell) or visitors.grade_next(cell)):
            exports.write_next()
    except CellFault:  # logged where it came up; the next message tries a new cell
        pool_process.stop()
    except OperationalError as error:
        _log.warning("database.away", woken_by=submission_id, error=str(error))


@application.task(name=queue.SWEEP)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Bring back what was left behind."""
    try:
        sweeper.sweep()
    except (OperationalError, RedisAway, SoftTimeLimitExceeded) as error:
        _log.warning("sweep.put_off", error=str(error))


@signals.worker_ready.connect  # type: ignore[untyped-decorator]
def _end_when_told(**_: Any) -> None:
    ending.at_once_within(ending.QUIT_S)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _start_process(**_: Any) -> None:
    with suppress(CellUnavailable):  # logged; the next message tries again
        pool_process.start()


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _stop_process(**_: Any) -> None:
    pool_process.end()
