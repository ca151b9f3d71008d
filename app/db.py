"""Owns the connection to Postgres: one engine a process, one kind of session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from app.settings import settings

ANSWER_S = 10.0
"""A statement of ours takes milliseconds. Postgres that is silent for so long hangs."""


class _Impatient(psycopg.Connection[tuple[object, ...]]):
    """A connection that is broken once Postgres has not answered for `answer_s` seconds.

    The operating system at the other end acknowledges what a process that hangs never reads, and
    a socket of this host knows no time limits: only the client itself can tell.
    """

    answer_s: float | None = ANSWER_S

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer; raises psycopg.OperationalError when it takes too long."""
        try:
            return super().wait(gen, interval, self.answer_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # or the answer, come late, would be taken for another's
            raise


@lru_cache
def engine() -> Engine:
    """The process's engine. A forked child calls `engine.cache_clear()` before its first use."""
    made = create_engine(
        settings().database_url.get_secret_value(),
        pool_size=10,
        max_overflow=20,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes to the log
        connect_args={"connect_timeout": 3, "client_encoding": "utf8"},
    )
    event.listen(made, "do_connect", _connect)
    return made


def _connect(_dialect: object, _record: object, args: list[Any], options: dict[str, Any]) -> Any:
    return _Impatient.connect(*args, **options)


def be_patient(connection: Connection) -> None:
    """Let this one connection wait for as long as it takes: for migrations."""
    cast(_Impatient, connection.connection.driver_connection).answer_s = None


@lru_cache
def _sessions(bound: Engine) -> sessionmaker[Session]:
    return sessionmaker(bound, expire_on_commit=False)


@contextmanager
def session() -> Iterator[Session]:
    """One unit of work. Whoever opens it (a request, a task, a command) commits it."""
    with _sessions(engine())() as opened:
        yield opened
