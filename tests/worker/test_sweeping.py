"""The sweeper has a wake-up for all that waits, and brings back what dead workers held."""

from concurrent.futures import ThreadPoolExecutor

from app.infrastructure import database, queue
from app.models import Status
from app.scheduling import leases
from tests.support.cast import Cast
from tests.worker.handing_in import claimed, hand_in, let_lease_run_out, look, workers
from worker.sweeper import sweep


def test_lost_wake_ups_are_sent_again_one_for_each_worker(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    waiting = [hand_in(quiet.person(f"Student {n}", course), assignment) for n in range(5)]
    workers(3)
    queue.announce(waiting[0])
    sweep()
    assert queue.announced() == 3
    sweep()
    assert queue.announced() == 3


def test_who_may_have_no_worker_is_not_announced(quiet: Cast) -> None:
    course = quiet.course()
    assignment, eager = quiet.assignment(course), quiet.person("Eager", course)
    for _ in range(5):
        hand_in(eager, assignment)
    workers(2)
    claimed()
    sweep()
    assert queue.announced() == 0


def test_redis_may_lose_everything(quiet: Cast) -> None:
    course = quiet.course()
    queue.announce(hand_in(quiet.person("Sam", course), quiet.assignment(course)))
    with queue.celery().connection_for_write() as connection:
        connection.default_channel.client.flushdb()
    assert queue.announced() == 0
    sweep()
    assert queue.announced() == 1


def test_what_a_dead_worker_held_waits_again_and_is_announced(quiet: Cast) -> None:
    course = quiet.course()
    held = hand_in(quiet.person("Sam", course), quiet.assignment(course))
    claimed()
    let_lease_run_out(held)
    sweep()
    assert look(held).status is Status.QUEUED
    assert queue.announced() == 1


def test_what_rests_after_a_fault_is_not_announced(quiet: Cast) -> None:
    course = quiet.course()
    hand_in(quiet.person("Sam", course), quiet.assignment(course))
    work = claimed()
    with database.session() as session:
        leases.return_after_fault(session, work.id, work.lease, "a fault of ours", pause_s=60)
        session.commit()
    sweep()
    assert queue.announced() == 0


def test_two_sweepers_at_once_do_no_harm(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    held = [hand_in(quiet.person(f"Student {n}", course), assignment) for n in range(4)]
    workers(4)
    for submission_id in held:
        claimed()
        let_lease_run_out(submission_id)
    with ThreadPoolExecutor(4) as beats:
        list(beats.map(lambda _: sweep(), range(4)))
    assert {look(submission_id).status for submission_id in held} == {Status.QUEUED}
    assert {look(submission_id).claims for submission_id in held} == {1}
    assert queue.announced() >= len(held)


def test_a_sweep_by_another_is_not_disturbed(quiet: Cast) -> None:
    course = quiet.course()
    hand_in(quiet.person("Sam", course), quiet.assignment(course))
    with database.session() as session:
        assert leases.alone(session)
        sweep()
        assert queue.announced() == 0
    sweep()
    assert queue.announced() == 1
