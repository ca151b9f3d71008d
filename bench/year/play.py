"""Owns the order of the year."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from bench.year import acts, books
from bench.year.course import Taught
from bench.year.hearing import Hearing
from bench.year.lms import Lms
from tests.support.outside.receiver import Receiver

Step = Callable[[Lms, Taught], None]


def play(lms: Lms, pages: Lms, receiver: Receiver, taught: Taught, hand_ins: int) -> list[str]:
    """The whole year; returns where the gradebook's readers disagree at the end, in words.

    `pages` calls as the browser of somebody who may see the course; to `receiver` webhooks come.
    """

    def act(name: str, step: Step) -> None:
        began = time.monotonic()
        step(lms, taught)
        print(f"{name:<18} {time.monotonic() - began:7.1f} s", flush=True)

    act("found", acts.found)
    hearing = Hearing(lms, taught, receiver)
    act("enrol", acts.enrol)
    act("assign", acts.assign)
    act("hand in", partial(acts.hand_in, number=hand_ins))
    act("extend", acts.extend)
    act("regrade", acts.regrade)
    act("change grades", acts.change_grades)
    act("drop and return", acts.drop_and_return)
    faults = hearing.faults(books.of_api(lms, taught))
    act("copy and archive", acts.copy_and_archive)
    return faults + disagreements(lms, pages, taught)


def disagreements(lms: Lms, pages: Lms, taught: Taught) -> list[str]:
    """Whose line is not the same, to the digit, in the API, the CSV, the page and by attempts."""
    others = {
        "the CSV": books.of_csv(lms, taught),
        "the page": books.of_page(pages, taught),
        "the attempts": books.of_attempts(lms, taught),
    }
    told = books.of_api(lms, taught)
    return [
        f"{pupil}: the API says {told.get(pupil)}, {name} say {book.get(pupil)}"
        for name, book in others.items()
        for pupil in sorted(told.keys() | book.keys())
        if told.get(pupil) != book.get(pupil)
    ]
