"""Trying a file leaves one where one is: the result comes beside, lines are marked, and stay so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from app.infrastructure.clock import now
from app.models import Assignment, Course, Trials
from tests.editor.conftest import EDITOR, Open, field, write
from tests.support import axe
from tests.support.cast import Cast, Person

SWAPPED = (Path(__file__).parents[2] / "docs" / "examples" / "swapped.py").read_text()
HEAD = SWAPPED[: SWAPPED.index("class Sum")]
MARKED = ".cm-line.marked"


def try_it(page: Page) -> None:
    page.get_by_role("button", name="Try it").click()
    page.wait_for_selector("#tried [data-settled=yes]")


def test_the_result_comes_beside_the_editor_and_nothing_moves(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, HEAD)
    page.keyboard.press("ControlOrMeta+Home")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Try it").focus()
    where = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    expect(page.locator("#work-news")).to_contain_text("16 of 70")
    expect(page.locator(MARKED)).to_contain_text("return dzdy * x1")
    assert page.url.endswith("/work")
    assert page.evaluate("scrollY") == where
    expect(page.get_by_role("button", name="Try it")).to_be_focused()
    page.locator(EDITOR).focus()
    page.keyboard.type("here")
    assert field(page).splitlines()[20].startswith("here")
    assert not page.locator("#tried form").count()
    page.locator("#tried a.entry-link, #tried a[href^='#L']").first.dispatch_event("click")
    page.keyboard.type("there")
    assert field(page).count("there") == 1


def test_marks_of_lines_outlive_changes_elsewhere_and_a_reload(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, HEAD)
    try_it(page)
    page.wait_for_selector(MARKED)
    page.locator(EDITOR).focus()
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.type("# above")
    page.keyboard.press("Enter")
    page.reload()
    page.wait_for_selector(EDITOR)
    assert field(page).startswith("# above")
    expect(page.locator(MARKED)).to_contain_text("return dzdy * x1")


def test_what_is_not_taken_is_said_there_and_a_second_try_is_another(
    work: Open, cast: Cast, course: Course, student: Person
) -> None:
    page = work(student, cast.assignment(course))
    write(page, "x" * 300_000)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried")).to_contain_text("larger than 256 kB")
    expect(page.locator("#work-news")).to_contain_text("Not tried")
    write(page, HEAD)
    try_it(page)
    first = page.locator("#tried h2 a").get_attribute("href")
    write(page, HEAD + "\n")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried h2 a")).not_to_have_attribute("href", str(first))


def test_a_trial_that_uses_up_an_attempt_says_how_many_are_left(
    work: Open, cast: Cast, course: Course, student: Person
) -> None:
    page = work(student, cast.assignment(course, trials=Trials.COUNTED, max_attempts=3))
    write(page, HEAD)
    before = page.locator("#trial-hint").inner_text()
    try_it(page)
    expect(page.locator("#trial-hint")).not_to_have_text(before)
    expect(page.locator("#trial-hint")).to_contain_text("2")
    expect(page.locator(".work-from")).to_contain_text("What you tried last had 16 of 70")


def test_where_the_sign_in_has_ended_the_page_with_the_code_is_shown(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, HEAD)
    page.context.clear_cookies()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Your sign-in has ended")).to_be_visible()
    expect(page.locator("textarea").first).to_have_value(HEAD)


def test_it_says_how_long_there_is_and_urgently_on_the_last_day(
    work: Open, cast: Cast, course: Course, student: Person
) -> None:
    page = work(student, cast.assignment(course, due_at=now() + timedelta(days=3)))
    expect(page.locator(".deadline")).to_contain_text("in 3 days")
    expect(page.locator(".deadline.urgent")).to_have_count(0)
    soon = cast.assignment(course, due_at=now() + timedelta(hours=5, minutes=30))
    page.clock.install()
    work(student, soon)
    expect(page.locator(".deadline.urgent")).to_contain_text("in 5 hours")
    page.clock.run_for("05:10:00")
    expect(page.locator(".deadline.urgent")).to_contain_text("in 1")
    expect(page.locator(".deadline.urgent")).to_contain_text("minutes")


def test_axe_finds_nothing_in_a_result_beside_the_editor(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, HEAD)
    try_it(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_that_is_dropped_beside_the_editor_is_taken_and_not_opened(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    data = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["y = 5\\n"], "mine.py", { type: "text/x-python" }));
            return data;
        }"""
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": data})
    expect(page.locator(EDITOR)).to_contain_text("y = 5")
    assert field(page) == "y = 5\n"
    assert page.locator("#filename").input_value() == "mine.py"
