"""The editor: what is typed reaches the form, by keyboard alone, under the strict policy."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.grading import trials
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.models import Assignment, Submission
from graders.exercises import starter
from tests.editor.conftest import EDITOR, Open, field, write
from tests.support import axe
from tests.support.cast import Person
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

BROKEN = "import torch\n\nclass Addition(Function:\n    pass\n"


def test_it_begins_with_the_starter_file(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    assert field(page) == starter(list(assignment.points))
    expect(page.locator(EDITOR)).to_contain_text("class Addition(Function)")


def test_what_is_typed_is_what_is_handed_in(
    work: Open, db: Session, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, "import torch\nx = 1\n")
    assert field(page) == "import torch\nx = 1\n"
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/submissions/*")
    row = db.query(Submission).filter_by(assignment_id=assignment.id).one()
    assert row.source == b"import torch\nx = 1\n"


def test_it_has_the_name_and_the_description_that_a_screen_reader_says(
    work: Open, student: Person, assignment: Assignment
) -> None:
    box = work(student, assignment).get_by_role("textbox", name="Your code")
    expect(box).to_have_accessible_description(
        "Tab indents. To leave the editor by keyboard, press Escape, then Tab."
    )


def test_tab_indents_and_escape_then_tab_leaves(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    write(page, "x = 1")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert field(page) == "    x = 1"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hand in", exact=True)).to_be_focused()
    assert field(page) == "    x = 1"


def test_without_the_bundle_one_types_in_the_plain_field(
    sign_in: Callable[[Person], Page], student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    page.route("**/vendor/editor.js*", lambda route: route.abort())
    with page.expect_console_message(lambda message: "plain text field stays" in message.text):
        page.goto(f"/assignments/{assignment.id}/work")
    page.locator("#code").fill("x = 2\n")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url("**/submissions/*")


def test_without_any_script_one_types_in_the_plain_field(
    browser: Browser, stack: Stack, student: Person, assignment: Assignment
) -> None:
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": name, "value": value, "url": stack.url} for name, value in student.cookie.items()]
    )
    page = context.new_page()
    page.goto(f"/assignments/{assignment.id}/work")
    page.get_by_label("Your code").fill("x = 3\n")
    page.get_by_role("button", name="Try it", exact=True).click()
    page.wait_for_url("**/submissions/*")
    expect(page.get_by_text("Tried, not handed in.")).to_be_visible()
    context.close()


def test_the_bundle_is_fetched_only_when_the_field_comes_near(
    sign_in: Callable[[Person], Page], student: Person, assignment: Assignment
) -> None:
    page = sign_in(student)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/assignments/{assignment.id}")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "vendor/editor.js" in url]


def test_a_dropped_file_takes_the_place_of_the_text_and_can_be_undone(
    work: Open, student: Person, assignment: Assignment
) -> None:
    page = work(student, assignment)
    before = field(page)
    data = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["y = 5\\n"], "mine.py", { type: "text/x-python" }));
            return data;
        }"""
    )
    page.dispatch_event(EDITOR, "drop", {"dataTransfer": data})
    wait_for(lambda: field(page) == "y = 5\n", "the dropped file's text")
    assert page.locator("#filename").input_value() == "mine.py"
    page.keyboard.press("ControlOrMeta+z")
    assert field(page) == before


def tried(db: Session, person: Person, assignment: Assignment, source: str) -> None:
    made = trials.accept(
        db, Actor(person.user), assignment.id, Upload("mine.py", source.encode())
    ).id
    db.commit()

    def is_settled() -> bool:
        db.expire_all()
        found = db.get(Submission, made)
        return found is not None and found.is_settled

    wait_for(is_settled, "a verdict")


def test_lines_that_a_message_is_about_are_marked_until_they_are_changed(
    work: Open, db: Session, student: Person, assignment: Assignment
) -> None:
    tried(db, student, assignment, BROKEN)
    page = work(student, assignment)
    assert field(page) == BROKEN
    marked = page.locator(".cm-line.marked")
    expect(marked).to_have_text("class Addition(Function:")
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".cm-marks .sign")).to_have_count(1)

    page.locator(".cm-line").first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(marked).to_have_text("class Addition(Function:")
    marked.click()
    page.keyboard.type(" ")
    expect(marked).to_have_count(0)
    expect(page.locator(".message")).to_have_count(0)


def test_axe_finds_nothing_in_the_place_to_work(
    work: Open, db: Session, student: Person, assignment: Assignment
) -> None:
    tried(db, student, assignment, BROKEN)
    page = work(student, assignment)
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
