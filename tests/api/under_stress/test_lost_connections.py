"""Connections to the database that broke while nobody used them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from app.infrastructure import database
from tests.support.waiting import wait_for

ALIVE = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")


def _used() -> int:
    """The process of Postgres behind the connection that the next session takes."""
    with database.session() as session:
        return session.scalars(select(func.pg_backend_pid())).one()


@pytest.mark.usefixtures("stack")
def test_whoever_comes_next_notices_nothing() -> None:
    database.engine().dispose()
    with database.session() as operator:
        database.read_without_transaction(operator)
        lost = _used()
        assert _used() == lost
        operator.scalar(select(func.pg_terminate_backend(lost)))
        wait_for(lambda: operator.scalar(ALIVE, {"pid": lost}) == 0, "the end of its process")
        assert _used() != lost


@pytest.mark.usefixtures("stack")
def test_a_session_that_glances_leaves_transactions_to_those_after_it() -> None:
    database.engine().dispose()
    begun = text("SELECT now() = statement_timestamp()")  # the same until a transaction goes on
    with database.session() as session:
        database.read_without_transaction(session)
        assert [session.scalar(begun) for _ in range(2)] == [True, True]
        session.commit()
        assert [session.scalar(begun) for _ in range(2)] == [False, False]
