"""Owns the connection to Postgres: one engine a process, one kind of session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.settings import settings


@lru_cache
def engine() -> Engine:
    """The process's engine. A forked child calls `engine.cache_clear()` before its first use."""
    return create_engine(
        settings().database_url.get_secret_value(),
        pool_size=10,
        max_overflow=20,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes to the log
        connect_args={"connect_timeout": 3, "client_encoding": "utf8"},
    )


@lru_cache
def _sessions(bound: Engine) -> sessionmaker[Session]:
    return sessionmaker(bound, expire_on_commit=False)


@contextmanager
def session() -> Iterator[Session]:
    """One unit of work. Whoever opens it (a request, a task, a command) commits it."""
    with _sessions(engine())() as opened:
        yield opened
