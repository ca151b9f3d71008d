"""A whole year of an LMS by HTTP alone; all who read the gradebook agree at the end.

`python -m bench.year` plays it with 400 people and 2,000 files.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.identity.authentication import SCOPES
from bench.year.course import enrolled
from bench.year.lms import Lms
from bench.year.play import play
from bench.year.wrecking import PARTS, wrecked
from tests.support.cast import Person
from tests.support.outside.receiver import Receiver, receiving
from tests.support.processes.stack import Stack


@pytest.fixture
def lms(admin: Person) -> Lms:
    """An LMS with the token of a site administrator."""
    return Lms(admin.api_with(*SCOPES))


@pytest.fixture
def pages(admin: Person) -> Lms:
    """The administrator's browser, in which they are signed in."""
    return Lms(admin.web)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Where the LMS listens for webhooks."""
    with receiving() as running:
        yield running


def test_at_its_end_api_page_csv_webhooks_and_attempts_agree_to_the_digit(
    lms: Lms, pages: Lms, receiver: Receiver
) -> None:
    assert play(lms, pages, receiver, enrolled(30, seed=1), hand_ins=60) == []


def test_they_agree_also_where_web_worker_and_redis_are_killed_in_turn(
    lms: Lms, pages: Lms, receiver: Receiver, stack: Stack
) -> None:
    with wrecked(stack, seed=1, kills=len(PARTS)) as killed:
        assert play(lms, pages, receiver, enrolled(16, seed=2), hand_ins=30) == []
    assert killed.keys() == {*PARTS}
    assert lms.tries_in_vain
