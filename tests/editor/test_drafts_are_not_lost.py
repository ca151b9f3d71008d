"""Drafts: kept in the browser until the server has them, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import Assignment, Submission
from graders.exercises import starter
from tests.editor.conftest import EDITOR, Open, field, write
from tests.support.cast import Person
from tests.support.waiting import wait_for

MINE = "# my draft & more <b>\nimport torch\n"
NOTE = ".draft-note"


def keys(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(localStorage)"))


def drafted(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(Object.values(localStorage))"))


def reopen(page: Page, assignment: Assignment) -> None:
    page.goto(f"/assignments/{assignment.id}/work")
    page.wait_for_selector(EDITOR)


def test_a_draft_is_there_again_after_the_page_was_left(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    expect(page.locator(NOTE)).to_be_empty()
    write(page, MINE)
    page.reload()
    page.wait_for_selector(EDITOR)
    assert field(page) == MINE
    expect(page.locator(EDITOR)).to_contain_text("# my draft & more <b>")
    expect(page.locator(NOTE)).to_contain_text("is here again")


def test_it_can_be_exchanged_for_what_the_server_sent_and_back(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    page.reload()
    page.wait_for_selector(EDITOR)
    page.get_by_role("button", name="Use the starter file").click()
    assert field(page) == starter(list(assignment.points))
    expect(page.locator(EDITOR)).to_contain_text("class Addition(Function)")
    page.reload()  # looking at the starter file does not lose the draft
    page.wait_for_selector(EDITOR)
    assert field(page) == MINE
    page.get_by_role("button", name="Use the starter file").press("Enter")
    expect(page.get_by_role("button", name="Back to your draft")).to_be_focused()
    page.keyboard.press("Enter")
    assert field(page) == MINE


def test_two_tabs_keep_a_draft_each_and_the_newer_one_comes_first(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    second = page.context.new_page()
    reopen(second, assignment)
    write(page, MINE)
    wait_for(lambda: keys(page), "the first tab's draft")
    write(second, "# typed beside it\n")
    wait_for(lambda: len(keys(page)) == 2, "both drafts")
    page.reload()
    page.wait_for_selector(EDITOR)
    assert field(page) == "# typed beside it\n"
    page.get_by_role("button", name="Use the older one from").click()
    assert field(page) == MINE
    expect(page.locator(NOTE)).to_contain_text("An older draft from")
    page.get_by_role("button", name="Back to your draft").click()
    assert field(page) == "# typed beside it\n"


def test_a_tab_is_told_of_a_newer_draft_in_another_and_loses_nothing_by_taking_it(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    second = page.context.new_page()
    reopen(second, assignment)
    write(page, MINE)
    expect(second.locator(NOTE)).to_contain_text("Another tab has a newer draft")
    write(second, "# typed beside it\n")
    expect(page.locator(NOTE)).to_contain_text("Another tab has a newer draft")
    assert field(page) == MINE
    page.get_by_role("button", name="Use that one here").click()
    assert field(page) == "# typed beside it\n"
    page.get_by_role("button", name="Use the older one from").click()
    assert field(page) == MINE


def test_going_on_from_a_draft_leaves_one_unless_another_tab_has_changed_it(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    wait_for(lambda: keys(page), "the draft")
    reopen(page, assignment)
    write(page, "# two\n")
    wait_for(lambda: "# two" in drafted(page), "the next draft")
    assert len(keys(page)) == 1
    second = page.context.new_page()
    reopen(second, assignment)
    write(page, "# three\n")
    wait_for(lambda: "# three" in drafted(page), "what the first tab went on to")
    write(second, "# four\n")
    wait_for(lambda: "# four" in drafted(page), "what the second went on to")
    assert "# three" in drafted(page)


def test_it_outlives_signing_out_and_is_shown_to_nobody_else(
    work: Open, student: Person, other_student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert field(work(other_student, assignment)) == starter(list(assignment.points))
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(student.email)
    page.get_by_label("Password").fill(student.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    reopen(page, assignment)
    assert field(page) == MINE


def test_it_outlives_an_upload_that_was_not_taken(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    page.route("**/submissions", lambda route: route.abort())
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/submissions")
    reopen(page, assignment)
    assert field(page) == MINE


def test_it_goes_once_the_very_same_text_is_handed_in(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/submissions/*")
    wait_for(lambda: keys(page) == [], "the draft to go")
    reopen(page, assignment)
    assert field(page) == MINE
    expect(page.locator(NOTE)).to_be_empty()


def test_it_stays_when_something_else_is_handed_in_or_looked_at(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, "x = 1\n")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/submissions/*")
    handed_in = page.url
    wait_for(lambda: keys(page) == [], "the draft to go")
    reopen(page, assignment)
    write(page, MINE)
    page.goto(handed_in)
    page.wait_for_load_state("networkidle")
    reopen(page, assignment)
    assert field(page) == MINE
    page.get_by_role("button", name="Use your attempt 1").click()
    assert field(page) == "x = 1\n"


def test_a_trial_does_not_end_it_since_a_trial_is_not_kept(
    work: Open, db: Session, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, MINE)
    page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_role("link", name="What you tried", exact=True).click()
    page.wait_for_url("**/submissions/*")
    page.wait_for_load_state("networkidle")
    assert len(keys(page)) == 1
    db.execute(
        update(Submission)
        .where(Submission.assignment_id == assignment.id)
        .values(submitted_at=Submission.submitted_at - timedelta(days=2))
    )
    db.commit()
    reopen(page, assignment)
    assert field(page) == MINE


def test_the_plain_field_has_drafts_as_well(
    sign_in: Callable[[Person], Page], student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.route("**/vendor/editor.js*", lambda route: route.abort())
    page.goto(f"/assignments/{assignment.id}/work")
    page.locator("#code").fill(MINE)
    page.reload()
    expect(page.locator("#code")).to_have_value(MINE)
    page.get_by_role("button", name="Use the starter file").click()
    expect(page.locator("#code")).to_have_value(starter(list(assignment.points)))


def test_a_browser_that_keeps_nothing_is_told_of_before_the_page_is_left(
    page: Page, work: Open, student: Person, assignment: Assignment
) -> None:
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }"
    )
    work(student, assignment)
    write(page, MINE)
    expect(page.locator(NOTE)).to_contain_text("This browser keeps no drafts")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.goto("/")
    assert asked == ["beforeunload"]
