"""Only the holder of the newest lease can settle a submission; one whose worker died comes back."""

import pytest

from app.infrastructure import database
from app.models import Status
from app.scheduling import leases
from app.settings import settings
from tests.conftest import forget_settings
from tests.support.cast import Cast
from tests.support.waiting import wait_for
from tests.worker.handing_in import (
    claim,
    claimed,
    hand_in,
    let_lease_run_out,
    look,
    reclaim,
    result_rows,
    settle,
)
from worker.lease_renewal import renewed


@pytest.fixture
def waiting(quiet: Cast) -> object:
    """A file that waits to be graded."""
    course = quiet.course()
    return hand_in(quiet.person("Sam", course), quiet.assignment(course))


@pytest.mark.usefixtures("waiting")
def test_a_worker_that_lost_its_lease_cannot_settle() -> None:
    slow = claimed()
    let_lease_run_out(slow.id)
    assert reclaim() == [slow.id]
    second = claimed()
    assert not settle(slow, score=3.0)
    assert settle(second, score=7.0)
    assert not settle(slow, score=3.0)
    found = look(slow.id)
    assert (found.status, found.score) == (Status.GRADED, 7.0)
    assert result_rows(slow.id) == 1


@pytest.mark.usefixtures("waiting")
def test_nothing_is_settled_twice() -> None:
    work = claimed()
    assert settle(work)
    assert not settle(work)


@pytest.mark.usefixtures("waiting")
def test_a_lease_that_still_runs_is_left_alone() -> None:
    claimed()
    assert reclaim() == []


@pytest.mark.usefixtures("waiting")
def test_a_living_worker_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_LEASE_SECONDS", "0.6")
    forget_settings()
    work = claimed()
    first_end = work.leased_until
    with renewed(work.id, work.lease):
        wait_for(lambda: (look(work.id).leased_until or first_end) > first_end, "a renewal")
    assert settle(work)


@pytest.mark.usefixtures("waiting")
def test_after_the_last_try_it_is_failed_with_words_and_not_zero() -> None:
    for _ in range(settings().max_claims):
        work = claimed()
        let_lease_run_out(work.id)
        reclaim()
    found = look(work.id)
    assert found.status is Status.FAILED
    assert found.score is None
    assert found.failure is not None
    assert "Nothing is lost" in found.failure
    assert claim() is None


@pytest.mark.usefixtures("waiting")
def test_what_was_given_back_rests_for_a_moment() -> None:
    work = claimed()
    with database.session() as session:
        leases.return_after_fault(session, work.id, work.lease, "a fault of ours", pause_s=1)
        session.commit()
    assert look(work.id).status is Status.QUEUED
    assert claim() is None
    again = wait_for(claim, "the second claim")
    assert (again.id, again.claims) == (work.id, 2)
