"""Owns the order of a chaos run: students hand in, parts die, all is accounted for."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from statistics import median

from bench.chaos.record import Record
from bench.chaos.uploads import Students
from tests.support.processes.stack import Stack
from tests.support.processes.wrecking import WRECKS
from tests.support.waiting import wait_for

_SETTLING_S = 180.0
_PAUSE_S = (0.2, 1.5)


def run(stack: Stack, seed: int, submissions: int, pace: float, most: int) -> list[str]:
    """Kill each part at least once while students hand in, with at most `most` files at a time.

    Returns what went wrong, in words.
    """
    record = Record(stack)
    try:
        students = Students(stack, pace, seed, most, lambda: len(record.open()))
        recoveries = _disturbed(stack, record, students, random.Random(seed), submissions)
        disturbed = record.scores()
        faults = _lost(students, disturbed) + record.faults()
        _tell(students, record, recoveries)
    finally:
        record.forget()
    record.grade_all_again()
    wait_for(lambda: not record.open(), "the undisturbed run", seconds=_SETTLING_S)
    again = record.scores()
    return faults + [
        f"{one} got {row}, and undisturbed {again[one]}"
        for one, row in disturbed.items()
        if row != again[one]
    ]


def _disturbed(
    stack: Stack, record: Record, students: Students, dice: random.Random, submissions: int
) -> dict[str, list[float]]:
    """Have students hand in while parts die, until all is settled; see `_wreck_all`."""
    students.start()
    try:
        recoveries = _wreck_all(stack, record, students, dice, submissions)
    finally:
        students.finish()
    wait_for(lambda: not record.open(), "all to be settled", seconds=_SETTLING_S)
    return recoveries


def _wreck_all(
    stack: Stack, record: Record, students: Students, dice: random.Random, submissions: int
) -> dict[str, list[float]]:
    """Kill each part in turn until enough was handed in; seconds to recover, by what it was."""
    recoveries: defaultdict[str, list[float]] = defaultdict(list)
    while len(students.receipts) < submissions:
        for name in dice.sample(list(WRECKS), len(WRECKS)):
            time.sleep(dice.uniform(*_PAUSE_S))
            recoveries[name].append(_wreck(stack, record, students, name, dice))
    return recoveries


def _wreck(
    stack: Stack, record: Record, students: Students, name: str, dice: random.Random
) -> float:
    """Kill one part; seconds until all that was open and the next upload are graded."""
    affected = record.open()
    receipts = len(students.receipts)
    began = time.time()
    WRECKS[name](stack, dice)
    first = wait_for(lambda: students.receipts[receipts:], "a receipt", seconds=_SETTLING_S)[0]
    affected.add(first.id)
    ended = wait_for(lambda: record.settled_at(affected), name, seconds=_SETTLING_S)
    seconds = max(0.0, ended - began)
    print(f"{name:<24} killed, all in hand graded after {seconds:5.1f} s", flush=True)
    return seconds


def _lost(students: Students, scores: dict[str, tuple[object, ...]]) -> list[str]:
    """Accepted uploads that were not graded, or not with one result for each exercise."""
    return [
        f"{receipt.id} ({receipt.file}) was accepted and is {scores.get(receipt.id)}"
        for receipt in students.receipts
        if scores.get(receipt.id, ("gone",))[:1] + scores.get(receipt.id, ("", "", 0))[2:3]
        != ("graded", 7)
    ]


def _tell(students: Students, record: Record, recoveries: dict[str, list[float]]) -> None:
    claims = ", ".join(f"{n} by claim {c}" for c, n in sorted(record.claims().items()))
    kills = sum(len(seconds) for seconds in recoveries.values())
    print(f"\n{len(students.receipts)} accepted ({students.refused} tries met a closed door)")
    print(f"{kills} kills; graded: {claims}\n\nSeconds until all in hand was graded:")
    for name, seconds in sorted(recoveries.items()):
        print(f"  {name:<24} median {median(seconds):5.1f}   worst {max(seconds):5.1f}")
