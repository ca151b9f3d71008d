"""How pages look to everybody: axe, a phone, both colour schemes, the keyboard."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app import db, sources
from app.clock import now
from app.models import Assignment, Role, Status, Submission
from tests.pages.conftest import MIXED, RIGHT, UNREADABLE, Desk
from tests.support.browser import watched_page
from tests.support.cast import Cast, Person, cast_of
from tests.support.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = "Maximiliane-Theodora von und zu Schwarzenberg-Hohenlohe-Waldenburg"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PARTS = 4
COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules about colours, which take axe four times as long as all the others."""


@dataclass
class Gallery:
    """Every page in every state that it can have: who looks, and where."""

    pages: dict[str, tuple[Person | None, str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def gallery(stack: Stack) -> Iterator[Gallery]:
    """Made once, as everybody here only looks."""
    with cast_of(stack.url) as cast, db.session() as session:
        yield _gallery(session, cast, Desk(session))


def _gallery(db: Session, cast: Cast, desk: Desk) -> Gallery:
    course = cast.course()
    assignment = cast.assignment(course)
    student = cast.person("Sam Student", course)
    instructor = cast.person("Ines Instructor", course, Role.INSTRUCTOR)
    admin = cast.person("Ada Admin", is_admin=True)
    long = cast.person(LONG, course)
    empty = cast.course("A course without anything")
    newcomer, founder = cast.person("Nina New"), cast.person("Fay Founder", empty, Role.INSTRUCTOR)
    closed = cast.assignment(course, title=f"Closed: {LONG}", closes_at=now() - timedelta(days=1))
    late = cast.assignment(course, title="Late", due_at=now() - timedelta(days=1), max_attempts=3)
    made = {
        "right": desk.graded(student, assignment, RIGHT),
        "mixed": desk.graded(long, assignment, MIXED),
        "unreadable": desk.graded(student, assignment, UNREADABLE),
        "late": desk.graded(long, late, MIXED),
        "running": _unfinished(db, student, late, Status.RUNNING),
        "failed": _unfinished(db, long, late, Status.FAILED),
    }
    at, sheet = f"/courses/{course.id}", f"/assignments/{assignment.id}"
    pages: dict[str, tuple[Person | None, str]] = {
        "sign-in": (None, "/sign-in"),
        "front": (student, "/"),
        "front, no course": (newcomer, "/"),
        "front, teaching": (instructor, "/"),
        "course": (student, at),
        "course, empty": (founder, f"/courses/{empty.id}"),
        "assignment": (student, sheet),
        "assignment, closed": (student, f"/assignments/{closed.id}"),
        "assignment, late": (long, f"/assignments/{late.id}"),
        "attempts": (student, f"{sheet}/attempts"),
        "attempts, none": (instructor, f"{sheet}/attempts?student={instructor.user.id}"),
        "attempts, theirs": (instructor, f"{sheet}/attempts?student={long.user.id}"),
        "gradebook": (instructor, f"{at}/gradebook?sort=-total"),
        "gradebook, empty": (founder, f"/courses/{empty.id}/gradebook"),
        "people": (instructor, f"{at}/people?removed={student.user.id}"),
        "graders": (instructor, "/graders"),
        "assignment form": (instructor, f"{sheet}/edit"),
        "new assignment": (instructor, f"{at}/assignments/new"),
        "account": (student, "/account"),
        "accounts": (admin, "/accounts"),
        "new course": (admin, "/courses/new"),
        "not there": (student, "/no/such/page"),
        "not theirs": (student, f"{at}/gradebook"),
    }
    pages |= {
        f"submission, {name}": (instructor, f"/submissions/{which}") for name, which in made.items()
    }
    return Gallery(pages | {"submission, own": (student, f"/submissions/{made['unreadable']}")})


def _unfinished(db: Session, person: Person, assignment: Assignment, status: Status) -> str:
    row = Submission(
        id=uuid.uuid4(), assignment_id=assignment.id, user_id=person.user.id,
        submitted_by_id=person.user.id, attempt=7, filename=f"{LONG}.py".replace(" ", "_"),
        sha256=sources.keep(db, MIXED), seed=b"seed", status=status,
    )  # fmt: skip
    row.failure = "The machine that graded this file stopped each time."
    db.add(row)
    db.commit()
    return str(row.id)


@pytest.fixture(params=range(PARTS), ids=lambda part: f"part {part + 1} of {PARTS}")
def part(request: pytest.FixtureRequest, gallery: Gallery) -> Gallery:
    """Some of its pages, so that several processes can look at the same time."""
    return Gallery(dict([*gallery.pages.items()][request.param :: PARTS]))


def visits(
    part: Gallery, browser: Browser, stack: Stack, **look: object
) -> Iterator[tuple[str, Page]]:
    """Each page in turn, seen with `look` (a browser context's settings)."""
    for name, (person, path) in part.pages.items():
        context = browser.new_context(base_url=stack.url, **look)  # type: ignore[arg-type]
        cookies = person.cookie if person else {}
        context.add_cookies([{"name": n, "value": v, "url": stack.url} for n, v in cookies.items()])
        with watched_page(context) as page:
            page.goto(path)
            yield name, page
        context.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("scheme", "size", "rules"),
    [
        ("light", WIDE, {}),
        ("dark", WIDE, {"runOnly": {"type": "rule", "values": COLOURS}}),
        ("light", PHONE, {"rules": {name: {"enabled": False} for name in COLOURS}}),
    ],
    ids=["light", "dark, where only colours differ", "phone, where all but colours may"],
)
def test_axe_finds_nothing_on_any_page_with_all_folds_open(
    part: Gallery,
    browser: Browser,
    stack: Stack,
    scheme: str,
    size: dict[str, int],
    rules: dict[str, object],
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = {}
    for name, page in visits(part, browser, stack, viewport=size, color_scheme=scheme):
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        options = rules | {"resultTypes": ["violations"]}
        violations = Axe().run(page, options=options).response["violations"]
        if violations:
            found[name] = [
                (v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in violations
            ]
    assert not found, json.dumps(found, indent=2)


def test_no_page_scrolls_sideways_on_a_phone_and_targets_are_large_enough(
    part: Gallery, browser: Browser, stack: Stack
) -> None:
    sideways, small = [], {}
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    for name, page in visits(part, browser, stack, **look):
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            sideways.append(name)
        if low := page.evaluate(_LOW_TARGETS):
            small[name] = low
    assert not sideways
    assert not small, json.dumps(small, indent=2)


_LOW_TARGETS = """() => [...document.querySelectorAll('button, summary, select, input, .crumbs a,'
        + 'a.entry-title, .starter a, thead a, tbody th a, .result-facts a, .fb-call a')]
    .filter(one => one.type !== 'hidden')
    .map(one => one.type === 'checkbox' ? one.closest('label') : one)
    .filter(one => one.checkVisibility() && !one.closest('.unseen'))
    .filter(one => one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 120))"""


def test_every_page_has_one_title_and_can_be_skipped_to_by_keyboard(
    part: Gallery, browser: Browser, stack: Stack
) -> None:
    titles = {}
    for name, page in visits(part, browser, stack, viewport=WIDE):
        assert page.locator("h1").count() == 1, name
        titles[name] = page.title()
        if name != "sign-in":  # there the first field has the focus
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip", name
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main", name
    assert all(title.endswith("· Chainrule") for title in titles.values()), titles
