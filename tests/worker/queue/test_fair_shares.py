"""The workers' time is shared by people: nobody has all of them, whoever used much comes later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, update

from app.infrastructure import database
from app.models import Assignment, Course, GradingTime, Status, Submission
from app.scheduling import fair_shares, leases
from app.scheduling.leases import Work
from tests.support.cast import Cast, Person
from tests.worker.handing_in import (
    begun,
    claim,
    claimed,
    graded_next,
    hand_in,
    look,
    settle,
    workers,
)


@pytest.fixture
def course(quiet: Cast) -> Course:
    return quiet.course()


@pytest.fixture
def assignment(quiet: Cast, course: Course) -> Assignment:
    return quiet.assignment(course)


@pytest.fixture
def people(quiet: Cast, course: Course) -> list[Person]:
    return [quiet.person(f"Student {number}", course) for number in range(5)]


def spend(person: Person, assignment: Assignment, seconds: float) -> None:
    """Have a file of theirs take so long."""
    hand_in(person, assignment)
    work = claimed()
    begun(work, seconds)
    assert settle(work)


def must_give_way(work: Work) -> bool:
    with database.session() as session:
        return fair_shares.must_give_way(session, work.id)


@pytest.mark.parametrize(("number", "most"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 3)])
def test_nobody_has_all_workers(
    people: list[Person], assignment: Assignment, number: int, most: int
) -> None:
    workers(number)
    for _ in range(5):
        hand_in(people[0], assignment)
    taken = [claim() for _ in range(5)]
    assert [work is not None for work in taken] == [True] * most + [False] * (5 - most)
    hand_in(people[1], assignment)
    other = claimed()
    assert taken[0] is not None
    begun(taken[0])
    settle(taken[0])
    begun(other)
    assert claimed()


def test_whoever_used_more_time_comes_later(people: list[Person], assignment: Assignment) -> None:
    greedy, modest, calm = people[:3]
    spend(greedy, assignment, 60)
    spend(modest, assignment, 15)
    came = [hand_in(one, assignment) for one in (greedy, modest, calm)]
    assert [graded_next() for _ in came] == came[::-1]


def test_time_that_was_used_fades(people: list[Person], assignment: Assignment) -> None:
    spend(people[0], assignment, 60)
    with database.session() as session:
        session.execute(update(GradingTime).values(at=func.now() - timedelta(hours=2)))
        session.commit()
    spend(people[1], assignment, 15)
    first = hand_in(people[0], assignment)
    hand_in(people[1], assignment)
    assert claimed().id == first


def test_a_regrade_is_not_charged_to_its_owner(
    people: list[Person], assignment: Assignment
) -> None:
    graded = hand_in(people[0], assignment)
    assert graded_next() == graded
    with database.session() as session:
        session.execute(
            update(Submission).values(status=Status.QUEUED, priority=fair_shares.REGRADE)
        )
        session.commit()
    again = claimed()
    begun(again, 60)
    settle(again)
    spend(people[1], assignment, 0)
    first = hand_in(people[0], assignment)
    hand_in(people[1], assignment)
    assert claimed().id == first


def test_those_who_used_much_give_the_last_worker_to_who_used_less(
    people: list[Person], assignment: Assignment
) -> None:
    workers(2)
    for one, seconds in zip(people, (60, 40, 25, 70), strict=False):
        spend(one, assignment, seconds)
    hand_in(people[0], assignment)
    hand_in(people[1], assignment)
    second, first = claimed(), claimed()
    begun(first, 3)
    begun(second, 2)
    hand_in(people[3], assignment)
    assert not must_give_way(second)  # who waits has used more
    modest = hand_in(people[2], assignment)
    assert must_give_way(second)
    assert not must_give_way(first)
    settle(second)
    assert claimed().id == modest


def test_a_long_run_in_the_last_worker_gives_way_to_somebody_new(
    people: list[Person], assignment: Assignment
) -> None:
    workers(2)
    hand_in(people[0], assignment)
    hand_in(people[1], assignment)
    first, second = claimed(), claimed()
    begun(first, 3)
    begun(second, 2)
    assert not must_give_way(second)  # nobody waits
    hand_in(people[1], assignment)
    assert not must_give_way(second)  # nobody else does
    calm = hand_in(people[2], assignment)
    assert not must_give_way(first)
    assert must_give_way(second)
    begun(first, 3)
    with database.session() as session:
        assert leases.yield_turn(session, second.id, second.lease)
        session.commit()
    assert graded_next() == calm
    again = claimed()
    assert (again.id, again.claims) == (second.id, 1)
    assert look(second.id).status is Status.RUNNING


def test_a_short_run_gives_way_to_nobody(people: list[Person], assignment: Assignment) -> None:
    workers(2)
    for one in people[:3]:
        hand_in(one, assignment)
    for work in claimed(), claimed():
        begun(work)
        assert not must_give_way(work)


def test_the_only_worker_is_everybodys(people: list[Person], assignment: Assignment) -> None:
    workers(1)
    spend(people[0], assignment, 10)
    hand_in(people[0], assignment)
    work = claimed()
    begun(work, 5)
    hand_in(people[1], assignment)
    assert not must_give_way(work)


def test_what_nobody_settled_is_charged_as_well(
    people: list[Person], assignment: Assignment
) -> None:
    hand_in(people[0], assignment)
    work = claimed()
    begun(work, 10)
    with database.session() as session:
        leases.return_after_fault(session, work.id, work.lease, "for a test", pause_s=3600)
        session.commit()
    hand_in(people[0], assignment)
    calm = hand_in(people[1], assignment)
    assert claimed().id == calm
