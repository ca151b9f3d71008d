"""What holds of every page in every state: axe finds nothing on it, in either colour scheme, on a
wide screen or a phone; it fits a phone and its fingers, and is walked through by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.pages.gallery.looks import Look, looks, paints
from tests.pages.gallery.states import gallery

__all__ = ["gallery", "looks", "paints"]
pytestmark = pytest.mark.long
Looks = dict[str, Look]


def test_axe_finds_nothing_on_a_wide_screen_in_light_and_dark_with_all_folds_open(
    looks: Looks,
) -> None:
    assert not where(looks, lambda look: look.light)
    assert not where(looks, lambda look: look.dark)


def test_axe_finds_nothing_on_a_phone_where_all_but_colours_may_differ(looks: Looks) -> None:
    assert not where(looks, lambda look: look.phone)


def test_no_page_scrolls_sideways_on_a_phone_and_targets_are_large_enough(looks: Looks) -> None:
    assert not where(looks, lambda look: look.is_sideways)
    assert not where(looks, lambda look: look.low)


def test_every_page_has_one_title_and_can_be_skipped_to_by_keyboard(looks: Looks) -> None:
    assert looks
    assert not where(looks, lambda look: look.headings != 1)
    assert not where(looks, lambda look: not look.title.endswith("· Chainrule") and [look.title])
    others = {name: look for name, look in looks.items() if name != "sign-in"}
    # There the first field has the focus.
    assert not where(others, lambda look: look.skipped != ("skip", "main") and [look.skipped])


def where(looks: Looks, wrong: Callable[[Look], object]) -> str:
    """The pages that something is wrong with, and what that is."""
    found = {name: told for name, look in looks.items() if (told := wrong(look))}
    return json.dumps(found, indent=2) if found else ""
