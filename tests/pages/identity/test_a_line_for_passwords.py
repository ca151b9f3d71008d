"""Hashing a password is dear: few wait for it, others are told to come back, and pages go on."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest

from app.errors import NotSignedIn
from app.identity import candidates, passwords
from app.infrastructure import database
from app.pages.identity.sign_in import proven
from app.settings import settings
from tests.pages.identity.test_signing_in import sign_in
from tests.support.cast import Person
from tests.support.processes.server import served


def test_of_many_sign_ins_at_once_some_are_told_to_come_back(
    student: Person, tmp_path: Path
) -> None:
    with (
        served(tmp_path, CHAINRULE_SIGN_IN_LINE="2") as server,
        ThreadPoolExecutor(30) as browsers,
    ):
        answers = list(browsers.map(lambda _: sign_in(server.url, student), range(30)))
        told = Counter(answer.status_code for answer in answers)
        assert set(told) == {303, 429}
        refusal = next(answer for answer in answers if answer.status_code == 429)
        assert refusal.headers["retry-after"] == "3"
        assert "Many people are signing in" in refusal.text
        assert f'value="{student.email}"' in refusal.text
        assert sign_in(server.url, student).status_code == 303


class Busy:
    """Turns that nobody has: who asks for one is seen to wait."""

    def __init__(self) -> None:
        self.asked, self.free = threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self.asked.set()
        self.free.wait(30)

    def __exit__(self, *_: object) -> None:
        pass


def test_whoever_waits_to_be_hashed_holds_no_connection_to_the_database(
    student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_turns", turns := Busy())
    database.engine().dispose()
    with database.session() as session, ThreadPoolExecutor(1) as threads:
        waits = threads.submit(proven, session, student.email, student.password)
        assert turns.asked.wait(30)
        assert database.engine().pool.checkedout() == 0  # type: ignore[attr-defined]
        turns.free.set()
        assert waits.result().id == student.user.id


def test_a_place_in_line_is_free_again_whatever_came_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings(), "sign_in_line", 2)
    known = passwords.hashed("something else")

    async def guess_on() -> None:
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                await passwords.aside(passwords.verify, known, "x")

    anyio.run(guess_on)


def test_an_old_password_opens_nothing_once_it_was_changed_meanwhile(student: Person) -> None:
    with database.session() as session:
        who = candidates.candidate(session, student.email)
        session.commit()
        proof = passwords.verify(who.known, student.password)
        with database.session() as other:
            other.merge(student.user).password_hash = passwords.hashed("another one")
            other.commit()
        with pytest.raises(NotSignedIn, match="changed at this very moment"):
            candidates.admit(session, who, proof)
