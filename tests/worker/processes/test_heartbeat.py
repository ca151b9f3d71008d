"""What a pool process says of its cell reaches /metrics, away from its grading, and survives it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from app.infrastructure import database
from app.models import CounterTotal
from app.scheduling import cell_registry, counters
from tests.support.cast import Cast
from tests.support.waiting import wait_for
from worker.processes.heartbeat import Heartbeat


def counted(what: str) -> int:
    with database.session() as session:
        found = session.get(CounterTotal, (counters.CELLS, what, 0))
        return found.count if found else 0


def present() -> dict[str | None, int]:
    with database.session() as session:
        return cell_registry.present(session)


def test_a_process_is_there_from_its_start_to_its_end(quiet: Cast) -> None:
    one, other = Heartbeat(), Heartbeat()
    one.container = "bubblewrap"
    for heartbeat in (one, other):
        heartbeat.start()
    wait_for(lambda: present() == {"bubblewrap": 1, None: 1}, "both to be there")
    one.stop()
    assert present() == {None: 1}
    other.stop()
    assert present() == {}


def test_events_are_added_up_over_processes_and_outlive_them(quiet: Cast) -> None:
    before = counted("started")
    for _ in range(2):
        heartbeat = Heartbeat()
        heartbeat.start()
        heartbeat.count("started")
        heartbeat.count("started")
        heartbeat.stop()
    assert counted("started") == before + 4


def test_a_process_that_died_without_a_word_is_forgotten(quiet: Cast) -> None:
    dead = Heartbeat()
    dead.start()
    wait_for(present, "it to be there")
    dead.stop()
    with database.session() as session:
        cell_registry.report(session, dead._id, "bubblewrap", {})
        session.execute(text("UPDATE cell_reports SET seen_at = now() - interval '1 hour'"))
        session.commit()
    assert present() == {}
    living = Heartbeat()
    living.start()
    with database.session() as session:
        wait_for(
            lambda: session.scalars(text("SELECT count(*) FROM cell_reports")).one() == 1,
            "the dead one's row to be gone",
        )
    living.stop()


def test_what_could_not_be_said_is_said_later(quiet: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_registry, "BEAT_S", 0.05)
    before = counted("replaced odd")
    with database.session() as session:
        session.execute(text("ALTER TABLE cell_reports RENAME TO elsewhere"))
        session.commit()
    heartbeat = Heartbeat()
    heartbeat.start()
    heartbeat.count("replaced odd")
    with database.session() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO cell_reports"))
        session.commit()
    wait_for(lambda: counted("replaced odd") == before + 1, "the event to be counted")
    heartbeat.stop()
    assert counted("replaced odd") == before + 1


def test_totals_are_told_for_every_kind(quiet: Cast) -> None:
    with database.session() as session:
        names = set(
            session.scalars(select(CounterTotal.label).where(CounterTotal.name == counters.CELLS))
        )
    known = {cell_registry.STARTED, *(f"replaced {r}" for r in cell_registry.REPLACED)}
    assert names <= known | {f"fault {kind}" for kind in cell_registry.FAULTS}


def test_where_there_is_no_database_yet_nothing_is_said_before_there_is(quiet: Cast) -> None:
    asked: list[bool] = []

    def may_begin() -> bool:
        asked.append(len(asked) > 2)
        return asked[-1]

    before = counted("started")
    early, never = Heartbeat(may_begin), Heartbeat(lambda: False)
    for heartbeat in (early, never):
        heartbeat.start()
        heartbeat.count("started")
    wait_for(lambda: counted("started") == before + 1, "what happened before")
    assert asked == [False, False, False, True]
    never.stop()
    assert present() == {None: 1}
    early.stop()
    assert counted("started") == before + 1
