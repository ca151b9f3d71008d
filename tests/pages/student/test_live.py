"""The page that watches a submission: it arrives at once and changes when the verdict comes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.identity import authentication
from app.infrastructure import pubsub
from app.models import Assignment, ExerciseResult, Status, Submission
from app.pages.visitors import EXAMPLE
from app.scheduling import progress
from tests.pages.conftest import FILES, RIGHT, Desk
from tests.support.cast import Person
from tests.support.processes.server import nobody, served
from tests.support.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[[Person], "Page"]


@pytest.fixture
def waiting(db: Session, student: Person, assignment: Assignment) -> Submission:
    """One that a worker seems to be busy with: nothing happens to it by itself."""
    row = Submission(
        id=uuid.uuid4(), assignment_id=assignment.id, user_id=student.user.id,
        submitted_by_id=student.user.id, attempt=1, filename="a.py",
        sha256=stored_files.keep(db, RIGHT), seed=b"seed", status=Status.RUNNING,
    )  # fmt: skip
    db.add(row)
    db.commit()
    return row


def settle(db: Session, row: Submission) -> None:
    """Give it a verdict, as a worker does, and say so."""
    row.status, row.score, row.max_score = Status.GRADED, 12.5, 70.0
    db.commit()


def test_exercises_appear_one_after_another_as_they_are_judged(
    db: Session, sign_in: Open, student: Person, waiting: Submission
) -> None:
    (example,) = json.loads(EXAMPLE.with_suffix(".json").read_text())
    reports = {one["slug"]: one for one in example["exercises"]}
    waiting.lease = uuid.uuid4()
    db.commit()
    page = sign_in(student)
    page.goto(f"/submissions/{waiting.id}")
    assert page.locator(".verdict-waiting").count() == 7
    for number, slug in enumerate(("addition", "product"), 1):
        progress.store(db, waiting.id, waiting.lease, [reports[slug]])
        db.commit()
        pubsub.publish(waiting.id)
        page.wait_for_selector(f"details#{slug}")
        assert page.locator(".verdict-waiting").count() == 7 - number
    assert page.inner_text("#product .verdict-word") == "partly right"
    assert not page.locator("details[open]").count()
    assert "Being graded" in page.inner_text("h1")
    # Another run of it, as after a fault of ours, has judged nothing yet.
    waiting.lease = uuid.uuid4()
    db.commit()
    assert page.goto(f"/submissions/{waiting.id}/panel")
    assert page.locator(".verdict-waiting").count() == 7
    progress.forget(db, waiting.id)
    settle(db, waiting)


@pytest.mark.parametrize("is_read", [False, True], ids=["untouched", "read already"])
def test_when_all_are_judged_what_to_mend_first_opens_unless_the_reader_opened_another(
    db: Session, sign_in: Open, student: Person, waiting: Submission, is_read: bool
) -> None:
    (example,) = json.loads(EXAMPLE.with_suffix(".json").read_text())
    reports = {one["slug"]: one for one in example["exercises"]}
    waiting.lease = uuid.uuid4()
    db.commit()
    page = sign_in(student)
    page.goto(f"/submissions/{waiting.id}")
    progress.store(db, waiting.id, waiting.lease, list(reports.values()))
    db.commit()
    pubsub.publish(waiting.id)
    page.wait_for_selector("details#product")
    if is_read:
        page.click("#sum > summary")
    for place, (slug, report) in enumerate(reports.items()):
        said = {name: report[name] for name in ("score", "max_score")} | {"report": report}
        db.add(ExerciseResult(submission_id=waiting.id, slug=slug, position=place, **said))
    settle(db, waiting)
    pubsub.publish(waiting.id)
    page.wait_for_selector(".result[data-settled=yes]")
    opened = [one.get_attribute("id") for one in page.locator("details.verdict[open]").all()]
    assert opened == (["sum"] if is_read else ["product"])


def test_a_file_is_chosen_handed_in_and_its_score_appears_without_a_reload(
    sign_in: Open, student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.goto(f"/assignments/{assignment.id}")
    page.set_input_files("#file", FILES / "right.py")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/submissions/*")
    page.evaluate("window.same = true")
    page.wait_for_selector(".result[data-settled=yes]")
    assert page.evaluate("window.same") is True
    assert page.inner_text(".score") == "70"
    assert page.title().startswith("70 of 70")


def test_the_verdict_is_announced_and_what_was_opened_stays_open(
    db: Session, sign_in: Open, student: Person, waiting: Submission
) -> None:
    page = sign_in(student)
    page.goto(f"/submissions/{waiting.id}")
    assert "Being graded" in page.inner_text("h1")
    page.wait_for_selector(".live")
    settle(db, waiting)
    pubsub.publish(waiting.id)
    page.wait_for_selector(".result[data-settled=yes]")
    assert "12.5 of 70" in page.inner_text("#news")
    assert page.locator(".live").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_head_does_not_move_and_the_focus_stays_when_the_verdict_comes(
    sign_in: Open, student: Person, assignment: Assignment, width: int
) -> None:
    page = sign_in(student)
    page.set_viewport_size({"width": width, "height": 740})
    slow = (FILES / "mixed.py").read_text() + "\nimport time\ntime.sleep(3)\n"
    page.goto(f"/assignments/{assignment.id}")
    file = {"name": "slow.py", "mimeType": "text/plain", "buffer": slow.encode()}
    page.set_input_files("#file", file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_selector(".live")
    where = """() => ["h1", ".result-facts", ".strip", ".result-now"].map(
        one => document.querySelector(one).getBoundingClientRect().top)"""
    head = page.evaluate(where)
    page.evaluate("window.held = document.querySelector('.source')")
    page.wait_for_selector("details.verdict")
    assert page.evaluate(where) == head
    assert page.evaluate("held === document.querySelector('.source')")


def test_who_reads_the_source_goes_on_reading_where_they_were(
    db: Session, sign_in: Open, student: Person, waiting: Submission
) -> None:
    page = sign_in(student)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/submissions/{waiting.id}")
    page.wait_for_selector(".live")
    page.focus(".source")
    page.evaluate("document.querySelector('#L9').scrollIntoView()")
    top = page.evaluate("document.querySelector('#L9').getBoundingClientRect().top")
    waiting.failure = "The machine that graded this file stopped. " * 9
    waiting.status = Status.FAILED
    db.commit()
    pubsub.publish(waiting.id)
    page.wait_for_selector(".result[data-settled=yes]")
    after = page.evaluate("document.querySelector('#L9').getBoundingClientRect().top")
    assert abs(after - top) < 2
    assert page.evaluate("document.activeElement.matches('.source')")


def test_a_stream_that_opens_after_the_verdict_still_tells_it(
    db: Session, student: Person, waiting: Submission
) -> None:
    settle(db, waiting)
    with student.web.stream("GET", f"/submissions/{waiting.id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = answer.read().decode()
    assert "event: change\ndata: graded" in told


def test_when_redis_is_away_the_page_asks_by_itself(
    db: Session, browser: Browser, student: Person, waiting: Submission, tmp_path: Path
) -> None:
    with served(tmp_path, CHAINRULE_REDIS_URL=f"redis://{nobody()}/0") as server:
        context = browser.new_context(base_url=server.url)
        context.add_cookies(
            [{"name": n, "value": v, "url": server.url} for n, v in student.cookie.items()]
        )
        page = context.new_page()
        page.goto(f"/submissions/{waiting.id}")
        settle(db, waiting)
        page.wait_for_selector(".result[data-settled=yes]")
        context.close()


def test_without_scripts_a_file_can_be_handed_in_and_its_score_read(
    browser: Browser, desk: Desk, student: Person, assignment: Assignment
) -> None:
    base = str(student.web.base_url)
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/assignments/{assignment.id}")
    page.fill("#email", student.email)
    page.fill("#password", student.password)
    page.get_by_role("button", name="Sign in").click()
    page.set_input_files("#file", FILES / "right.py")
    page.get_by_role("button", name="Hand in", exact=True).click()
    made = page.url.rsplit("/", 1)[1]
    wait_for(lambda: desk.look(made).is_settled, "the verdict")
    page.wait_for_selector(".result[data-settled=yes]")
    assert page.inner_text(".score") == "70"
    context.close()


def test_a_dropped_file_is_ready_to_hand_in_and_a_large_one_is_named_too_large(
    sign_in: Open, student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.goto(f"/assignments/{assignment.id}")
    drop = """([name, size]) => {
        const files = new DataTransfer();
        files.items.add(new File(["#".repeat(size)], name));
        document.querySelector(".drop").dispatchEvent(
            new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(drop, ["mine.py", 100])
    assert page.inner_text(".drop-say") == "mine.py is ready"
    page.evaluate(drop, ["huge.py", 400_000])
    wrong = page.get_by_role("alert").inner_text()
    assert "huge.py is too large" in wrong
    assert "choose it again" in wrong
    assert not page.evaluate("document.querySelector('#file').checkValidity()")
    page.evaluate(drop, ["with_outputs.ipynb", 400_000])
    assert page.inner_text(".drop-say") == "with_outputs.ipynb is ready"
    page.evaluate(drop, ["mine.py", 100])
    assert page.get_by_role("alert").count() == 0
    assert page.evaluate("document.querySelector('#file').checkValidity()")


def test_nobody_else_hears_of_a_submission(
    student: Person, other_student: Person, waiting: Submission
) -> None:
    events = f"/submissions/{waiting.id}/events"
    assert other_student.web.get(events).status_code == 404
    assert httpx.get(f"{student.web.base_url}{events}", trust_env=False).status_code == 303


def test_a_stream_ends_once_its_sign_in_has(
    db: Session, student: Person, waiting: Submission
) -> None:
    with student.web.stream("GET", f"/submissions/{waiting.id}/events") as answer:
        told = answer.iter_lines()
        assert "data: running 0" in (next(told) for _ in range(5))
        authentication.sign_out_everywhere(db, student.user)
        db.commit()
        pubsub.publish(waiting.id)
        assert "data: gone 0" in told
        assert [line for line in told if line] == []


def test_a_file_that_is_dropped_beside_the_zone_is_taken_and_not_opened(
    sign_in: Open, student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.goto(f"/assignments/{assignment.id}")
    page.evaluate("""() => {
        const files = new DataTransfer();
        files.items.add(new File(["import torch"], "work.py"));
        const told = { dataTransfer: files, bubbles: true, cancelable: true };
        window.opened = document.querySelector("h1").dispatchEvent(new DragEvent("drop", told));
    }""")
    assert page.evaluate("window.opened") is False
    assert page.inner_text(".drop-say") == "work.py is ready"


def test_who_presses_without_a_file_reads_our_own_words_at_the_field(
    sign_in: Open, student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.goto(f"/assignments/{assignment.id}")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.get_by_role("alert").filter(has_text="Choose your Python file first").wait_for()
    assert page.evaluate("document.activeElement.id") == "file"
    assert page.url.endswith(f"/assignments/{assignment.id}")
