"""An export is written in slices, behind all other work, and outlives whatever ends a worker."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from app.errors import Conflict
from app.exports.prepared import asking, contents, writing
from app.exports.prepared.wanted import Wanted, What
from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Enrolment, Export, Role
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.worker.handing_in import claim, graded_next, hand_in, look
from worker import exports
from worker.sweeper import sweep

HAND_INS = Wanted(What.HAND_INS)


class Scene:
    """A course of seven hand-ins by three students, and who asks for exports of it."""

    def __init__(self, quiet: Cast) -> None:
        self.course = quiet.course()
        self.sheet: Assignment = quiet.assignment(self.course, points={"sum": 10.0})
        self.teacher: Person = quiet.person("Ines", self.course, Role.INSTRUCTOR)
        self.students = [quiet.person(f"Sam {n}", self.course) for n in range(3)]
        with database.session() as session:
            for number in range(7):
                source = b"x = %d\n" % number
                attempt(session, self.sheet, self.students[number % 3], 0.1, source=source)

    def ask(self, wanted: Wanted = HAND_INS) -> uuid.UUID:
        with database.session() as session:
            made = asking.ask(session, Actor(self.teacher.user), self.course.id, wanted)
            database.forget_acts(session)
            session.commit()
        return made.id

    def fetch(self, export_id: uuid.UUID) -> bytes:
        with database.session() as session:
            _, numbers = asking.fetch(session, Actor(self.teacher.user), export_id)
            return b"".join(
                part for number in numbers for part in asking.part(session, export_id, number)
            )


def state(export_id: uuid.UUID) -> Export:
    with database.session() as session:
        return session.get_one(Export, export_id)


def kept(scene: Scene) -> list[uuid.UUID]:
    with database.session() as session:
        actor = Actor(scene.teacher.user)
        return [one.id for one in asking.of_course(session, actor, scene.course.id)]


@pytest.fixture
def scene(quiet: Cast, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Slices there have one item each."""
    monkeypatch.setattr(writing, "SLICE_S", 0.0)
    monkeypatch.setattr(contents._HandIns, "at_once", 1)
    monkeypatch.setattr(contents._Grades, "at_once", 1)
    return Scene(quiet)


def test_of_many_slices_it_is_one_archive(scene: Scene) -> None:
    asked = scene.ask()
    assert exports.write_next()
    assert not exports.write_next()
    found = ZipFile(io.BytesIO(scene.fetch(asked)))
    assert found.testzip() is None
    assert len(found.namelist()) == 8
    manifest = found.read("manifest.csv").decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in manifest] == ["Path", *found.namelist()[:-1]]
    assert state(asked).size == len(scene.fetch(asked))


@pytest.mark.parametrize("what", [What.GRADES_CSV, What.GRADES_JSON])
def test_of_many_slices_it_is_one_list_of_grades(scene: Scene, what: What) -> None:
    asked = scene.ask(Wanted(what))
    exports.write_next()
    text = scene.fetch(asked).decode("utf-8-sig")
    if what is What.GRADES_JSON:
        assert len(json.loads(text)) == 6
    else:
        assert [line[:7] for line in text.splitlines()] == ["Student", *["Sam 0,s"] * 2] + [
            f"Sam {n},s" for n in (1, 1, 2, 2)
        ]


@pytest.mark.parametrize("slices", [1, 3, 6])
def test_a_worker_that_dies_costs_its_last_slice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, slices: int
) -> None:
    asked = scene.ask()
    left = iter(range(slices))
    store = writing._store

    def killed(*args: Any, **named: Any) -> bool:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return store(*args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "_store", killed)
        with pytest.raises(KeyboardInterrupt):
            exports.write_next()
    assert state(asked).done == slices
    assert exports.write_next()
    assert len(ZipFile(io.BytesIO(scene.fetch(asked))).namelist()) == 8


def test_it_waits_for_all_that_is_to_be_graded_and_gives_way_between_slices(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = scene.ask()
    waiting = hand_in(scene.students[0], scene.sheet)
    assert not exports.write_next()
    assert state(asked).done == 0
    graded_next()
    store = writing._store

    def busy(*args: Any, **named: Any) -> bool:
        stored = store(*args, **named)
        hand_in(scene.students[1], scene.sheet)
        return stored

    monkeypatch.setattr(writing, "_store", busy)
    assert exports.write_next()
    assert (state(asked).done, state(asked).lease) == (1, None)
    assert look(waiting).score is not None
    assert claim() is not None


def test_one_is_written_at_a_time(scene: Scene) -> None:
    first, second = scene.ask(), scene.ask(Wanted(What.GRADES_CSV))
    with database.session() as session:
        held = writing.claim(session)
        session.commit()
    assert held is not None
    assert held[0] == first
    assert not exports.write_next()
    with database.session() as session:
        session.execute(update(Export).values(leased_until=now() - timedelta(seconds=1)))
        session.commit()
    assert exports.write_next()
    assert exports.write_next()
    assert all(state(one).finished_at for one in (first, second))


def test_whose_lease_ran_out_stores_nothing_more(scene: Scene) -> None:
    asked = scene.ask()
    with database.session() as session:
        held = writing.claim(session)
        session.execute(update(Export).values(leased_until=now() - timedelta(seconds=1)))
        session.commit()
    assert held is not None
    exports.write_next()
    with database.session() as session:
        assert not writing.write_slice(session, *held, lambda: False)
        session.commit()
    assert len(ZipFile(io.BytesIO(scene.fetch(asked))).namelist()) == 8


def test_what_breaks_each_time_has_failed_in_the_end_and_holds_up_no_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = scene.ask(), scene.ask(Wanted(What.GRADES_CSV))

    def breaks(*_: Any) -> None:
        raise ValueError("as it is")

    with monkeypatch.context() as patch:
        patch.setattr(contents._HandIns, "add", breaks)
        for _ in range(writing.MOST_CLAIMS + 1):
            exports.write_next()
    assert state(broken).failed_at is not None
    exports.write_next()
    assert state(good).finished_at is not None
    with pytest.raises(Conflict, match="could not be made"):
        scene.fetch(broken)


@pytest.mark.parametrize("what", [What.GRADES_CSV, What.HAND_INS])
def test_who_teaches_no_longer_gets_nothing(scene: Scene, what: What) -> None:
    asked = scene.ask(Wanted(what))
    with database.session() as session:
        theirs = Enrolment.user_id == scene.teacher.user.id
        session.execute(update(Enrolment).where(theirs).values(role=Role.STUDENT))
        session.commit()
    for _ in range(writing.MOST_CLAIMS + 1):
        exports.write_next()
    assert (state(asked).size, state(asked).finished_at) == (0, None)
    assert state(asked).failed_at is not None


def test_asked_for_twice_it_is_one_and_nobody_asks_without_end(scene: Scene) -> None:
    first = scene.ask()
    assert scene.ask() == first
    for other in (Wanted(What.GRADES_CSV), Wanted(What.GRADES_JSON)):
        scene.ask(other)
    with pytest.raises(Conflict, match="Wait for one"):
        scene.ask(Wanted(What.HAND_INS, counting=True))
    exports.write_next()
    assert state(first).finished_at is not None
    assert scene.ask() != first


def test_nobody_keeps_copies_of_a_course_without_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_KEPT", 2)
    for _ in range(2):
        scene.ask()
        exports.write_next()
    with pytest.raises(Conflict, match="Delete one"):
        scene.ask()
    with database.session() as session:
        asking.remove(session, Actor(scene.teacher.user), next(iter(kept(scene))))
        session.commit()
    scene.ask()


def test_after_a_day_it_is_gone(scene: Scene) -> None:
    asked = scene.ask()
    exports.write_next()
    with database.session() as session:
        session.execute(update(Export).values(asked_at=now() - asking.KEPT))
        session.commit()
    sweep()
    with database.session() as session:
        assert session.get(Export, asked) is None
