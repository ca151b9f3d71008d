"""The looks of pages show what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.gallery.looks import Look, Paints, look, screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HEAD = """<!doctype html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { color: #222; background: #fff } button { min-height: 44px; color: #222 }"""
SOUND = (
    _HEAD
    + """</style></head><body><a class="skip" href="#main">On</a>
<main id="main" tabindex="-1"><h1>Lines</h1><ol>"""
)
SOUND += "<li><button>one</button>" * 9 + "</ol></main></body></html>"


def seen(browser: Browser, html: str, paints: Paints | None = None) -> Look:
    with screen(browser, "http://localhost/") as shown:
        shown.page.set_content(html)
        return look(shown, paints)


def rules(found: list[tuple[str, list[str]]]) -> set[str]:
    return {rule for rule, _ in found}


def test_nothing_is_wrong_with_a_sound_page(browser: Browser) -> None:
    it = seen(browser, SOUND)
    assert (it.title, it.headings, it.skipped) == ("A page", 1, ("skip", "main"))
    assert (it.light, it.dark, it.phone) == ([], [], [])
    assert not it.is_sideways
    assert not it.low


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_one_line_among_many_of_its_kind_are_found(
    browser: Browser, scheme: str
) -> None:
    style = "@media (prefers-color-scheme: %s) { li:nth-child(7) button { color: #ddd } }</style>"
    it = seen(browser, SOUND.replace("</style>", style % scheme))
    other = {"light": it.dark, "dark": it.light}[scheme]
    found = {"light": it.light, "dark": it.dark}[scheme]
    assert rules(found) == {"color-contrast"}
    assert not other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("<p>Words", '<p style="color: #ddd">Words', id="other letters"),
        pytest.param(
            "<div><p>Words</div>",
            '<div style="background: #333"><p>Words</div>',
            id="the same letters on another ground",
        ),
        pytest.param(
            '<p>Words and <a href="/">one link</a>',
            '<p>Words and <a href="/" style="text-decoration: none; color: #444">one link</a>',
            id="a link that looks much as what is around it",
        ),
    ],
)
def test_after_other_pages_the_colours_of_a_page_are_found_that_none_of_them_had(
    browser: Browser, one: str, other: str
) -> None:
    paints = Paints()
    sound, wrong = (SOUND.replace("</main>", f"{part}</main>") for part in (one, other))
    for html in (sound, sound):
        assert seen(browser, html, paints).light == []
    known = dict(paints.light)
    it = seen(browser, wrong, paints)
    assert paints.light.keys() > known.keys()
    assert rules(it.light) == rules(it.dark) != set()


def test_colours_of_which_axe_cannot_tell_are_looked_at_on_the_next_page_too(
    browser: Browser,
) -> None:
    paints = Paints()
    over = '<p style="background-image: linear-gradient(#fff, #eee)">Words</main>'
    looks = []
    for _ in range(5):
        assert seen(browser, SOUND.replace("</main>", over), paints).light == []
        looks.append(next(n for paint, n in paints.light.items() if "linear-gradient" in paint))
    assert looks == [0.25, 0.5, 0.75, 1, 1.25]


def test_colours_in_a_shadow_as_the_editors_are_found(browser: Browser) -> None:
    shadow = """<div></div><script>
    document.querySelector('div').attachShadow({mode: 'open'}).innerHTML =
        '<p>one<p>two<p>three<p style="color: #ddd">four'</script></main>"""
    it = seen(browser, SOUND.replace("</main>", shadow))
    assert rules(it.light) == rules(it.dark) == {"color-contrast"}


def test_what_a_fold_hides_is_found(browser: Browser) -> None:
    fold = '<details><summary style="min-height: 44px">More</summary><img src="data:,"></details>'
    it = seen(browser, SOUND.replace("</main>", fold + "</main>"))
    assert rules(it.light) == rules(it.phone) == {"image-alt"}


def test_what_does_not_fit_a_phone_or_a_finger_there_is_found(browser: Browser) -> None:
    wide = '<p style="width: 600px">Wide</p></main>'
    assert seen(browser, SOUND.replace("</main>", wide)).is_sideways
    touch = "@media (pointer: coarse) { li:nth-child(7) button { min-height: 20px } }</style>"
    low = seen(browser, SOUND.replace("</style>", touch)).low
    assert low == ["<button>one</button>"]


def test_what_tab_comes_to_and_where_it_leads_is_told(browser: Browser) -> None:
    assert seen(browser, SOUND.replace('class="skip"', 'class="home"')).skipped == ("home", "main")
    assert seen(browser, SOUND.replace('id="main"', 'id="other"')).skipped == ("skip", "")
    assert seen(browser, SOUND.replace("<button", "<button autofocus", 1)).skipped is None
