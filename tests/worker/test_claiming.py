"""A waiting submission is claimed by one worker, whoever asks and however often."""

from concurrent.futures import ThreadPoolExecutor

from app.models import Status
from tests.support.cast import Cast
from tests.worker.handing_in import claim, claimed, hand_in, look


def test_many_workers_at_once_never_claim_the_same(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    people = [quiet.person(f"Student {number}", course) for number in range(6)]
    waiting = {hand_in(person, assignment) for person in people for _ in range(10)}

    def drain(_worker: int) -> list[object]:
        return [work.id for work in iter(claim, None)]

    with ThreadPoolExecutor(8) as workers:
        taken = [one for batch in workers.map(drain, range(8)) for one in batch]
    assert len(taken) == len(waiting)
    assert set(taken) == waiting


def test_a_claim_leases_and_counts(quiet: Cast) -> None:
    course = quiet.course()
    handed_in = hand_in(quiet.person("Sam", course), quiet.assignment(course))
    work = claimed()
    assert work.id == handed_in
    assert (work.status, work.claims) == (Status.RUNNING, 1)
    assert work.lease is not None
    assert look(handed_in).leased_until is not None


def test_a_second_message_for_the_same_file_finds_nothing(quiet: Cast) -> None:
    course = quiet.course()
    hand_in(quiet.person("Sam", course), quiet.assignment(course))
    claimed()
    assert claim() is None
