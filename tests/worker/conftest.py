"""Fixtures for the queue: a database that no worker watches, where a test takes each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache

import psycopg
import pytest
import structlog
from sqlalchemy import Engine, make_url, text

from app.infrastructure import database as db
from app.infrastructure import queue
from cli import database
from tests.conftest import forget_settings
from tests.support.cast import Cast, cast_of
from tests.support.processes.stack import Stack


@pytest.fixture(scope="session")
def _quiet_database(stack: Stack) -> dict[str, str]:
    """Settings of a database and a Redis of the stack's that nobody else uses; migrated once."""
    theirs = make_url(stack.environment["CHAINRULE_DATABASE_URL"])
    ours = theirs.set(database="quiet").render_as_string(hide_password=False)
    redis = stack.environment["CHAINRULE_REDIS_URL"].removesuffix("db=0") + "db=1"
    admin = psycopg.connect(
        host=str(theirs.query["host"]), user=theirs.username, dbname="postgres", autocommit=True
    )
    with closing(admin):
        admin.execute("CREATE DATABASE quiet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAINRULE_DATABASE_URL", ours)
        forget_settings()
        database.upgrade()
    forget_settings()
    return {"CHAINRULE_DATABASE_URL": ours, "CHAINRULE_REDIS_URL": redis}


@pytest.fixture(scope="session")
def _quiet_engine(_quiet_database: dict[str, str]) -> Engine:
    """One engine for all tests of that database: each would put every statement together anew."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _quiet_database.items():
            patch.setenv(name, value)
        forget_settings()
        made = db.engine()
        db.engine.cache_clear()
    forget_settings()
    return made


@pytest.fixture
def _short_tracebacks() -> Iterator[None]:
    """A fault is told without local variables, as the service tells it: some take half a second."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[*before[:-1], plain])
    yield
    structlog.configure(processors=before)


@pytest.fixture
def quiet(
    _quiet_database: dict[str, str],
    _quiet_engine: Engine,
    _short_tracebacks: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cast]:
    """A cast in an empty queue without workers; this process's settings point there meanwhile."""
    for name, value in _quiet_database.items():
        monkeypatch.setenv(name, value)
    forget_settings()
    monkeypatch.setattr(db, "engine", lru_cache(lambda: _quiet_engine))
    with db.session() as session:
        emptied = "submissions, grading_time, cell_reports, visitor_trials, exports"
        session.execute(text(f"TRUNCATE {emptied} CASCADE"))
        session.commit()
    queue.celery().control.purge()
    with cast_of("http://nowhere.example") as cast:
        yield cast
    forget_settings()
    monkeypatch.undo()
