"""From the link to one's courses in a browser, without scripts, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.identity import links
from app.infrastructure import database
from app.models import Course, User, Via
from tests.support.processes.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEW = "a password of mine"


def test_somebody_new_comes_in_without_scripts_on_a_phone(
    browser: Browser, stack: Stack, newcomer: User, course: Course
) -> None:
    with database.session() as session:
        (link,) = links.give(session, [session.get_one(User, newcomer.id)], by=Via.COMMAND)
        session.commit()
        address = links.address(link)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Password").fill(NEW)
    page.get_by_label("The same once more").fill("another one")
    page.get_by_role("button", name="Set the password and sign in").click()
    assert "The two passwords differ" in page.get_by_role("alert").inner_text()
    page.get_by_label("Password").fill(NEW)
    page.get_by_label("The same once more").fill(NEW)
    page.get_by_role("button", name="Set the password and sign in").click()
    assert page.url == f"{stack.url}/"
    assert page.get_by_role("link", name=course.title).count() == 1
    page.goto(address)
    assert "works only once" in page.get_by_role("alert").inner_text()
    context.close()
