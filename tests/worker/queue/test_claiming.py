"""A waiting submission is claimed by one worker, whoever asks and however often."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from app.models import Status
from tests.support.cast import Cast
from tests.worker.handing_in import begun, claim, claimed, hand_in, look, settle


def test_many_workers_at_once_never_claim_the_same(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    people = [quiet.person(f"Student {number}", course) for number in range(6)]
    waiting = {hand_in(person, assignment) for person in people for _ in range(10)}

    def drain(_worker: int) -> list[uuid.UUID]:
        taken: list[uuid.UUID] = []
        while work := claim():
            taken.append(work.id)
            begun(work)
            settle(work)
        return taken

    with ThreadPoolExecutor(8) as workers:
        taken = [one for batch in workers.map(drain, range(8)) for one in batch]
    assert len(taken) == len(waiting)
    assert set(taken) == waiting


def test_a_claim_leases_and_counts(quiet: Cast) -> None:
    course = quiet.course()
    handed_in = hand_in(quiet.person("Sam", course), quiet.assignment(course))
    work = claimed()
    assert work.id == handed_in
    found = look(handed_in)
    assert (found.status, found.claims, work.claims) == (Status.RUNNING, 1, 1)
    assert (found.lease, found.leased_until) == (work.lease, work.leased_until)


def test_a_claim_brings_all_that_grading_takes(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course, points={"sum": 4.0, "linear": 6.5})
    hand_in(quiet.person("Sam", course), assignment, b"x = 1\n")
    work = claimed()
    assert work.source == b"x = 1\n"
    assert [*work.points.items()] == [("sum", 4.0), ("linear", 6.5)]
    assert (work.rubric, work.seed) == (None, look(work.id).seed)


def test_a_second_message_for_the_same_file_finds_nothing(quiet: Cast) -> None:
    course = quiet.course()
    hand_in(quiet.person("Sam", course), quiet.assignment(course))
    claimed()
    assert claim() is None
