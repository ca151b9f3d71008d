"""Each hand-in gives a signed receipt, which holds whatever becomes of the records."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Kind, Receipt, Submission, Trials
from app.signing import keys, signed_texts
from tests.pages.conftest import RIGHT, Desk, desk, send
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.processes.command import chainrule, chainrule_here
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

__all__ = ["desk"]


@pytest.fixture
def anybody(stack: Stack) -> Iterator[httpx.Client]:
    """Somebody who is not signed in."""
    with httpx.Client(base_url=stack.url, trust_env=False, timeout=30) as client:
        yield client


def handed_in(student: Person, assignment: Assignment) -> dict[str, str]:
    """What the API answers to a hand-in."""
    path = f"/assignments/{assignment.id}/submissions"
    answer = student.api.post(path, files={"file": ("mine.py", RIGHT)})
    assert answer.status_code == 202
    return answer.json()


def test_a_receipt_says_who_handed_in_what_for_what_and_when(
    student: Person, assignment: Assignment, db: Session
) -> None:
    made = handed_in(student, assignment)
    said = signed_texts.opened(made["receipt"]).statement
    row = db.get_one(Submission, uuid.UUID(made["id"]))
    assert said["submission"] == made["id"]
    assert said["student"]["email"] == student.email
    assert said["assignment"] == {"id": assignment.id, "title": assignment.title}
    assert said["file"] == {"name": "mine.py", "sha256": hashlib.sha256(RIGHT).hexdigest()}
    assert said["submitted_at"] == row.submitted_at.isoformat()
    assert said["seed_sha256"] == hashlib.sha256(row.seed).hexdigest()
    assert row.seed.hex() not in json.dumps(dict(said))


def test_a_hand_in_by_the_page_and_one_that_was_tried_first_have_a_receipt_too(
    student: Person, assignment: Assignment, desk: Desk
) -> None:
    by_page = desk.hand_in(student, assignment)
    tried = student.web.post(f"/assignments/{assignment.id}/trial", data={"code": "x = 1"})
    trial = tried.headers["location"]
    assert student.api.get(f"{trial}/receipt").status_code == 409
    wait_for(lambda: desk.look(trial.rpartition("/")[2]).is_settled, "the trial")
    tried_first = student.web.post(f"{trial}/hand-in").headers["location"]
    assert desk.look(tried_first.rpartition("/")[2]).kind is Kind.ATTEMPT
    for address in (f"/submissions/{by_page}", tried_first):
        assert student.web.get(f"{address}/receipt").status_code == 200
        text = student.web.get(f"{address}/receipt.txt").text
        assert f"/submissions/{signed_texts.opened(text).statement['submission']}" == address


def test_a_trial_that_becomes_the_attempt_has_a_receipt_as_well(
    student: Person, course: Course, cast: Cast, desk: Desk
) -> None:
    counted = cast.assignment(course, trials=Trials.COUNTED)
    trial = student.web.post(f"/assignments/{counted.id}/trial", data={"code": "x = 1"})
    where = trial.headers["location"]
    wait_for(lambda: desk.look(where.rpartition("/")[2]).is_settled, "the trial")
    assert student.web.post(f"{where}/hand-in").headers["location"] == where
    assert student.web.get(f"{where}/receipt.txt").status_code == 200


def test_a_receipt_stays_as_it_was_given(
    student: Person, assignment: Assignment, db: Session
) -> None:
    made = handed_in(student, assignment)
    db.execute(
        sql("UPDATE users SET name = 'Another Name' WHERE id = :id"), {"id": student.user.id}
    )
    db.commit()
    keys.rotate()
    assert student.api.get(f"/submissions/{made['id']}/receipt").json()["text"] == made["receipt"]


def test_anybody_sees_on_a_page_whether_a_receipt_is_genuine(
    student: Person, assignment: Assignment, anybody: httpx.Client
) -> None:
    receipt = handed_in(student, assignment)["receipt"]
    page = anybody.post("/receipts", data={"text": receipt})
    assert page.status_code == 200
    assert "is genuine" in page.text
    assert student.email in page.text
    forged = anybody.post("/receipts", data={"text": receipt[:-8] + "AAAAAAAA"})
    assert forged.status_code == 422
    assert "The signature does not fit" in forged.text
    assert receipt[:40] in forged.text  # what was typed stays


def test_the_page_takes_files_as_well_and_compares_the_python_file(
    student: Person, assignment: Assignment, anybody: httpx.Client
) -> None:
    receipt = handed_in(student, assignment)["receipt"].encode()
    for source, said in ((RIGHT, "byte by byte"), (RIGHT + b" ", "another one than was handed in")):
        files = {"file": ("receipt.txt", receipt + b"\n"), "source": ("mine.py", source)}
        assert said in anybody.post("/receipts", data={"text": ""}, files=files).text


def test_records_that_were_changed_are_told_from_what_was_signed(
    student: Person, assignment: Assignment, anybody: httpx.Client, desk: Desk, db: Session
) -> None:
    made = handed_in(student, assignment)
    wait_for(lambda: desk.look(made["id"]).is_settled, "the verdict")
    sheet = student.api.get(f"/submissions/{made['id']}/result-sheet").json()["text"]
    db.execute(
        sql("UPDATE submissions SET submitted_at = submitted_at - interval '1 day', score = 1 "
            "WHERE id = :id"),
        {"id": made["id"]},
    )  # fmt: skip
    db.commit()
    page = anybody.post("/receipts", data={"text": made["receipt"]}).text
    assert "is genuine" in page
    assert "The time of the hand-in is another one" in page
    found = student.api.post("/receipts/verify", json={"text": sheet}).json()
    assert found["genuine"]
    assert len(found["differences"]) == 2
    assert "not graded again" in found["differences"][1]


def test_a_receipt_of_what_is_no_longer_there_is_still_genuine(
    student: Person, assignment: Assignment, db: Session
) -> None:
    made = handed_in(student, assignment)
    db.delete(db.get_one(Submission, uuid.UUID(made["id"])))
    db.commit()
    found = student.api.post("/receipts/verify", json={"text": made["receipt"]}).json()
    assert found["genuine"]
    assert not found["has_record"]


def test_a_result_sheet_says_the_score_by_exercise_and_who_graded(
    student: Person, assignment: Assignment, desk: Desk
) -> None:
    made = desk.graded(student, assignment)
    sheet = student.web.get(f"/submissions/{made}/result-sheet.txt").text
    said = signed_texts.opened(sheet).statement
    assert (said["score"], said["max_score"]) == (70, 70)
    assert said["graders"] == desk.look(made).grader_version
    assert [one["score"] for one in said["exercises"]] == [10] * 7
    assert said["by_hand"] is None


def test_a_result_sheet_says_what_was_changed_by_hand_beside_what_was_computed(
    student: Person, instructor: Person, assignment: Assignment, desk: Desk
) -> None:
    made = desk.graded(student, assignment)
    grade = f"/assignments/{assignment.id}/grades/{student.user.id}"
    press(instructor.web, grade, grade, reason="A second look.", **{"exercise-sum": "4"})
    sheet = student.web.get(f"/submissions/{made}/result-sheet.txt").text
    said = signed_texts.opened(sheet).statement
    assert (said["score"], said["by_hand"]["score"]) == (70, 64)
    assert said["by_hand"]["reason"] == "A second look."
    shown = student.web.post("/receipts", data={"text": sheet}).text
    for words in ("64", "A second look.", instructor.user.name):
        assert words in shown
    assert student.api.post("/receipts/verify", json={"text": sheet}).json()["differences"] == []
    press(instructor.web, grade, grade, reason="Rather so.", **{"exercise-sum": "5"})
    (told,) = student.api.post("/receipts/verify", json={"text": sheet}).json()["differences"]
    assert "changed by hand" in told


def test_a_hand_in_is_taken_though_there_is_no_key_and_its_receipt_comes_later(
    student: Person, assignment: Assignment, desk: Desk, db: Session, stack: Stack
) -> None:
    folder = stack.folder.path / "receipt-keys"
    aside = folder.rename(stack.folder.path / "aside")
    folder.write_text("no folder")
    try:
        made = desk.hand_in(student, assignment)
        assert httpx.get(f"{stack.url}/readyz", trust_env=False).json()["receipts"] == "no key"
        assert student.web.get(f"/submissions/{made}/receipt").status_code == 503
    finally:
        folder.unlink()
        aside.rename(folder)
    assert db.get(Receipt, uuid.UUID(made)) is None
    assert student.web.get(f"/submissions/{made}/receipt").status_code == 200
    given = db.get_one(Receipt, uuid.UUID(made))
    said = signed_texts.opened(given.text).statement
    assert said["issued_at"] > said["submitted_at"]


def test_the_command_checks_a_receipt_with_the_services_public_keys_alone(
    student: Person, assignment: Assignment, stack: Stack, tmp_path: Path
) -> None:
    saved, public, mine = tmp_path / "receipt.txt", tmp_path / "keys.json", tmp_path / "mine.py"
    saved.write_text(handed_in(student, assignment)["receipt"])
    public.write_text(httpx.get(f"{stack.url}/receipts/keys.json", trust_env=False).text)
    mine.write_bytes(RIGHT)
    elsewhere = tmp_path / "another installation"
    verify = ("receipt", "verify", str(saved))
    for given in (str(public), f"{stack.url}/receipts/keys.json"):
        done = chainrule(*verify, "--keys", given, "--file", str(mine), data=elsewhere)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["student"]["email"] == student.email
    assert chainrule(*verify, data=elsewhere).returncode == 1
    mine.write_bytes(RIGHT + b"#")
    done = chainrule_here(*verify, "--keys", str(public), "--file", str(mine))
    assert (done.returncode, "another file" in done.stderr) == (1, True)


def test_the_page_of_a_hand_in_leads_to_its_receipt(
    student: Person, assignment: Assignment, desk: Desk
) -> None:
    where = send(student, assignment).headers["location"]
    assert f'href="{where}/receipt"' in student.web.get(where).text
