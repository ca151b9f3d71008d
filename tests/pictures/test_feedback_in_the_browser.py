"""Feedback looks as it should: everything readable, in light and dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.pictures import reports, sheet
from tests.support import axe
from tests.support.browser import watched_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

OVERFLOWING = """() => {
  const outside = [];
  for (const text of document.querySelectorAll("svg.fb-svg text")) {
    const rect = text.parentElement.querySelector("rect");
    const frame = (text.parentElement.tagName === "g" && rect) || text.ownerSVGElement;
    const [inner, outer] = [text.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (inner.left < outer.left - 1 || inner.right > outer.right + 1 ||
        inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1)
      outside.push(`${text.textContent} in ${frame.tagName}`);
  }
  return outside;
}"""
LOOKS = [("light", 1280), ("light", 360), ("dark", 390)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    scheme, width = request.param
    opened = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    sheet.show(opened, reports.ALL.values())
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    with watched_page(context) as opened:
        opened.goto(sheet.ADDRESS)
        yield opened


def test_every_text_of_a_picture_is_within_its_cell_node_or_frame(page: Page) -> None:
    assert page.locator("svg.fb-svg text").count() > 500
    assert page.evaluate(OVERFLOWING) == []


def test_wide_pictures_scroll_by_themselves_and_never_the_page(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_no_cell_of_a_truth_table_is_behind_another(page: Page) -> None:
    covered = page.locator(".fb-truth tbody tr").evaluate_all(
        """(rows) => rows.filter((row) => {
             const boxes = [...row.cells].map((one) => one.getBoundingClientRect());
             return boxes.some((one, at) => boxes.slice(at + 1).some((other) =>
               one.right > other.left + 1 && other.right > one.left + 1 &&
               one.bottom > other.top + 1 && other.bottom > one.top + 1));
           }).map((row) => row.innerText)"""
    )
    assert page.locator(".fb-truth-3").count()
    assert covered == []


def test_what_scrolls_can_be_reached_by_keyboard(page: Page) -> None:
    stuck = page.evaluate(
        """() => [...document.querySelectorAll(".fb-frame")].filter(
             (one) => one.scrollWidth > one.clientWidth && one.tabIndex < 0
           ).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert stuck == []


def test_axe_finds_nothing(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()
    assert axe.violations(page) == []


def test_every_picture_has_a_name_and_a_description(page: Page) -> None:
    images = page.get_by_role("img")
    assert images.count() >= 25
    alternatives = images.evaluate_all(
        """(all) => all.map((one) => ["title", "desc"].map(
             (part) => one.querySelector(`:scope > ${part}`)?.textContent.trim()))"""
    )
    assert all(title and description for title, description in alternatives)


def test_the_snippet_is_copied_whole(browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    sheet.show(context, [reports.SWAPPED])
    with watched_page(context) as page:
        page.goto(sheet.ADDRESS)
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        copied: Any = page.evaluate("navigator.clipboard.readText()")
        assert copied == reports.SWAPPED["snippet"]
    context.close()


def test_without_a_clipboard_the_snippet_is_selected(browser: Browser) -> None:
    context = browser.new_context()
    sheet.show(context, [reports.SWAPPED])
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    with watched_page(context) as page:
        page.goto(sheet.ADDRESS)
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Selected: press Ctrl+C").wait_for()
        assert page.evaluate("String(getSelection())").strip() == reports.SWAPPED["snippet"].strip()
    context.close()


def test_without_javascript_all_is_there_but_the_button(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    sheet.show(context, reports.ALL.values())
    page = context.new_page()
    page.goto(sheet.ADDRESS)
    assert page.get_by_role("img").count() >= 25
    assert page.get_by_text("from submission import Product").is_visible()
    assert not page.locator(".fb-copy").first.is_visible()
    context.close()
