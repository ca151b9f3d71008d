"""Owns the connection to Postgres: one engine a process, one kind of session."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from app.infrastructure import remembering
from app.settings import settings

ANSWER_S = 10.0
"""A statement of ours takes milliseconds. Postgres that is silent for so long hangs."""
_RESTED_S = 5.0
_ACTS = "when committed"
_HELD = "commits held"
_EACH_BY_ITSELF = {"isolation_level": "AUTOCOMMIT"}


class _Impatient(psycopg.Connection[tuple[object, ...]]):
    """A connection that is broken once Postgres has not answered for `answer_s` seconds.

    The operating system at the other end acknowledges what a process that hangs never reads, and
    a socket of this host knows no time limits: only the client itself can tell.
    """

    answer_s: float | None = ANSWER_S
    used_at = 0.0

    def is_sound(self) -> bool:
        """Whether statements can still be sent.

        Postgres that stops says so to each connection, which is seen here without asking. What
        has rested for a while is asked: a host that vanishes says nothing.
        """
        said = select.poll()
        said.register(self.fileno(), select.POLLIN)
        if time.monotonic() - self.used_at < _RESTED_S and not said.poll(0):
            return True
        try:
            self.execute("SELECT 1")
            self.rollback()
        except psycopg.Error:
            return False
        return True

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
        hide_parameters=True,  # an error's text goes to the log
        json_serializer=to_json,  # reports are large, and json takes five times as long to write
        json_deserializer=from_json,
        connect_args={"connect_timeout": 3, "client_encoding": "utf8"},
    )
    event.listen(made, "do_connect", _connect)
    event.listen(made, "checkout", _take_out)
    event.listen(made, "checkin", _returned)
    return made


def _connect(_dialect: object, _record: object, args: list[Any], options: dict[str, Any]) -> Any:
    connection = _Impatient.connect(*args, **options)
    connection.used_at = time.monotonic()
    return connection


def _take_out(connection: _Impatient, _record: object, _proxy: object) -> None:
    """Have the pool connect anew where this connection is broken: then all of them are."""
    if not connection.is_sound():
        raise InvalidatePoolError()


def _returned(connection: _Impatient | None, _record: object) -> None:
    if connection is not None:  # it broke meanwhile
        connection.used_at = time.monotonic()


def be_patient(connection: Connection) -> None:
    """Let this one connection wait for as long as it takes: for migrations."""
    cast(_Impatient, connection.connection.driver_connection).answer_s = None


@dataclass
class Held:
    """Commits that wait for the end of something larger."""

    wanted: bool = False
    """Whether there was one, and no rollback since."""


class _Session(Session):
    """A session whose commits can be held."""

    def commit(self) -> None:
        """Commit now; where commits are held, have what is changed sent to the database."""
        held: Held | None = self.info.get(_HELD)
        if held is None:
            super().commit()
        else:
            self.flush()
            held.wanted = True

    def rollback(self) -> None:
        """Undo all since the last commit that was not held."""
        if held := self.info.get(_HELD):
            held.wanted = False
        super().rollback()


@contextmanager
def commits_held(session: Session) -> Iterator[Held]:
    """Have commits inside wait: more is to be in the same transaction, which whoever asks for this
    commits. Where an exception comes out of it nothing is committed."""
    session.info[_HELD] = held = Held()
    try:
        yield held
    finally:
        del session.info[_HELD]


def holds_commits(session: Session) -> bool:
    """Whether what was committed in this session is not so yet."""
    return _HELD in session.info


@lru_cache
def _sessions(bound: Engine) -> sessionmaker[_Session]:
    made = sessionmaker(bound, class_=_Session, expire_on_commit=False)
    event.listen(made, "after_commit", _act)
    event.listen(made, "after_rollback", forget_acts)
    for end in ("after_flush", "after_commit", "after_soft_rollback"):
        event.listen(made, end, remembering.forget)
    event.listen(made, "do_orm_execute", remembering.forget_unless_looking)
    return made


def when_committed(session: Session, act: Callable[[], object]) -> None:
    """Have `act` called once this transaction is committed, and not at all where it is not."""
    session.info.setdefault(_ACTS, []).append(act)


def forget_acts(session: Session) -> None:
    """Have nothing called at the commit."""
    session.info.pop(_ACTS, None)


def _act(session: Session) -> None:
    for act in session.info.pop(_ACTS, ()):
        act()


def opened() -> Session:
    """A session that whoever asked for it closes."""
    return _sessions(engine())()


@contextmanager
def session() -> Iterator[Session]:
    """One unit of work. Whoever opens it (a request, a task, a command) commits it."""
    with opened() as made:
        yield made


def read_without_transaction(session: Session) -> None:
    """Have a session that has read nothing yet read without a transaction, up to its next commit.

    Each statement then sees what is there at that moment, as it does in our transactions, too, and
    Postgres need be told neither of a beginning nor of an end.
    """
    session.connection(execution_options=_EACH_BY_ITSELF)
