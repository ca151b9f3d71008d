"""Owns what an LMS does in a year, each act by HTTP alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.year import books
from bench.year.course import SECTIONS, Pupil, Taught, assignment_bodies
from bench.year.lms import Lms
from tests.support.waiting import wait_for

_AT_ONCE = 8
_SETTLING_S = 900.0
_LEAVING = 5
_WEEKS = 52


def found(lms: Lms, taught: Taught) -> None:
    """The course and its sections."""
    made = {
        "code": taught.code,
        "title": "Deep learning",
        "term": "2026",
        "timezone": "Europe/Rome",
    }
    taught.id = lms.post("/courses", made)["id"]
    for title in SECTIONS:
        section = lms.post(f"/courses/{taught.id}/sections", {"title": title})
        taught.sections[title] = section["id"]


def enrol(lms: Lms, taught: Taught) -> None:
    """Everybody by one file: first seen, then done, and nothing when it is sent again."""
    seen = _send_roster(lms, taught)
    assert [change["kind"] for change in seen["changes"]] == ["new"] * len(taught.pupils)
    assert not seen["done"]
    assert not list(lms.all(f"/courses/{taught.id}/people", role="student"))
    assert _send_roster(lms, taught, dry_run=False, version=seen["version"])["done"]
    again = _send_roster(lms, taught, dry_run=False)
    assert {change["kind"] for change in again["changes"]} == {"stays"}
    people = lms.all(f"/courses/{taught.id}/people", role="student")
    taught.ids = {person["external_id"]: person["id"] for person in people}
    assert taught.ids.keys() == {pupil.number for pupil in taught.pupils}


def assign(lms: Lms, taught: Taught) -> None:
    """Six assignments."""
    path = f"/courses/sis_course_id:{taught.code}/assignments"
    taught.assignments = [lms.post(path, body)["id"] for body in assignment_bodies()]


def hand_in(lms: Lms, taught: Taught, number: int) -> None:
    """So many files of pupils who are drawn, several at once; waits until all are graded."""

    def one(work: tuple[int, Pupil, str]) -> None:
        assignment, pupil, text = work
        answer = lms.call(
            "POST",
            f"/assignments/{assignment}/submissions",
            files={"file": ("work.py", text.encode())},
            data={"student": pupil.number},
        )
        taught.receipts.append(answer.json()["id"])

    def drawn(count: int) -> tuple[int, Pupil, str]:
        pupil = taught.dice.choice(taught.pupils)
        return taught.assignments[count % len(taught.assignments)], pupil, taught.draw_file()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(one, [drawn(count) for count in range(number)]):
            pass
    settle(lms, taught)


def settle(lms: Lms, taught: Taught) -> None:
    """Wait until nothing is being graded; a look at what is as before is short, by its `ETag`."""
    tag = ""
    pending = True

    def settled() -> bool:
        nonlocal tag, pending
        answer = lms.call(
            "GET",
            f"/courses/{taught.id}/gradebook?per_page=100&marks=ungraded",
            headers={"If-None-Match": tag},
        )
        if answer.status_code != 304:
            tag, pending = answer.headers["etag"], bool(answer.json()["students"])
        return not pending

    wait_for(settled, "all to be graded", seconds=_SETTLING_S)


def extend(lms: Lms, taught: Taught) -> None:
    """Who is in the Monday section had a week more for the second assignment."""
    due = (datetime.now(UTC) + timedelta(weeks=1)).isoformat()
    body = {"section": taught.sections["Monday"], "due_at": due, "reason": "The room was closed."}
    lms.post(f"/assignments/{taught.assignments[1]}/extensions", body)


def regrade(lms: Lms, taught: Taught) -> None:
    """Other points for the third assignment: first seen, then done, and just what was seen."""
    assignment = taught.assignments[2]
    change = {"exercises": [{"slug": "product", "points": 8}, {"slug": "sum", "points": 12}]}
    preview = lms.post(f"/assignments/{assignment}/regrades", {"change": change})
    path = f"/regrades/{preview['id']}"
    ready = wait_for(lambda: _ready(lms, path), "the preview", seconds=_SETTLING_S)
    seen = lms.get(f"{path}/changes")
    before = {one["id"]: one["score"] for one in _attempts(lms, assignment)}
    assert all(before[one["submission_id"]] == one["before"] for one in seen)
    reason = {"reason": "The sum was worth more.", "version": ready["version"]}
    lms.post(f"{path}/apply", reason)
    after = {one["id"]: one["score"] for one in _attempts(lms, assignment)}
    expected = before | {one["submission_id"]: one["after"] for one in seen}
    assert after == expected


def change_grades(lms: Lms, taught: Taught) -> None:
    """One grade set by hand, one pupil excused, one grade set and taken back."""
    first, second, third = taught.pupils[:3]
    assignment = taught.assignments[4]
    _set(lms, taught, assignment, first, {"score": 7.25, "reason": "Explained at the board."})
    taught.by_hand[assignment, first.number] = 7.25
    _set(lms, taught, assignment, second, {"excused": True, "reason": "Was ill."})
    taught.by_hand[assignment, second.number] = None
    _set(lms, taught, assignment, third, {"score": 1, "reason": "A slip."})
    _set(lms, taught, assignment, third, {"score": None, "reason": "It was a slip."})


def drop_and_return(lms: Lms, taught: Taught) -> None:
    """Some are in the registrar's list no more, and then are again, with all they had."""
    before = books.of_api(lms, taught)
    staying = taught.pupils[:-_LEAVING]
    _send_roster(lms, taught, staying, dry_run=False, only_these=True)
    assert books.of_api(lms, taught).keys() == {pupil.number for pupil in staying}
    _send_roster(lms, taught, dry_run=False)
    assert books.of_api(lms, taught) == before


def copy_and_archive(lms: Lms, taught: Taught) -> None:
    """The course for the next year, with nobody in it; and this one is put away as it is."""
    before = books.of_api(lms, taught)
    body = {"code": f"{taught.code}-next", "term": "2027", "weeks": _WEEKS}
    copied = lms.post(f"/courses/{taught.id}/copies", body)["id"]
    old, new = (list(lms.all(f"/courses/{one}/assignments")) for one in (taught.id, copied))
    assert {one["title"] for one in new} == {one["title"] for one in old}
    assert len(new) == len(old)
    assert not any(one["published"] for one in new)
    assert not list(lms.all(f"/courses/{copied}/people", role="student"))
    assert lms.change(f"/courses/{taught.id}", {"archived": True})["archived_at"]
    assert books.of_api(lms, taught) == before


def _attempts(lms: Lms, assignment: int) -> list[dict[str, object]]:
    return list(lms.all(f"/assignments/{assignment}/submissions"))


def _ready(lms: Lms, path: str) -> dict[str, object] | None:
    found: dict[str, object] = lms.get(path)
    return found if found["state"] == "ready" else None


def _send_roster(
    lms: Lms, taught: Taught, pupils: list[Pupil] | None = None, **options: object
) -> dict[str, Any]:
    body = {"text": taught.roster(pupils), **options}
    answer: dict[str, Any] = lms.post(f"/courses/{taught.id}/roster", body)
    assert not answer["errors"]
    return answer


def _set(lms: Lms, taught: Taught, assignment: int, pupil: Pupil, body: dict[str, object]) -> None:
    lms.change(f"/assignments/{assignment}/grades/{taught.ids[pupil.number]}", body)
