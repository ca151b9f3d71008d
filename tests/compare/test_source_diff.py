"""The difference of two files, and of two scores."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rendering.source_diff import (
    CONTEXT,
    MOST_LINES,
    MOST_SHOWN,
    Change,
    Difference,
    Points,
    scores,
    sources,
)

OLD = "import torch\n\nclass Sum:\n    def backward(ctx, dzdy):\n        return dzdy\n"
NEW = OLD.replace("return dzdy", "return dzdy.expand(ctx.shape)")


def shown(found: Difference) -> list[tuple[Change, list[int], list[int]]]:
    return [
        (block.change, [line.number for line in block.old], [line.number for line in block.new])
        for block in found.blocks
    ]


def text(lines: tuple[object, ...]) -> list[str]:
    return ["".join(piece.text for piece in line.pieces) for line in lines]  # type: ignore[attr-defined]


def test_a_changed_line_stands_beside_what_it_was_with_three_lines_before_it() -> None:
    found = sources(OLD, NEW)
    assert shown(found) == [
        (Change.SAME, [2, 3, 4], [2, 3, 4]),
        (Change.CHANGED, [5], [5]),
    ]
    assert found.blocks[0].skipped == 1
    assert (found.removed, found.added, found.rest) == (1, 1, 0)


def test_only_the_words_that_differ_are_told_apart() -> None:
    [_, changed] = sources(OLD, NEW).blocks
    [line] = changed.new
    assert [piece.text for piece in line.pieces if piece.differs] == [".expand(ctx.shape)"]


def test_lines_that_have_nothing_in_common_are_told_apart_as_a_whole() -> None:
    [block] = sources("a = 1\n", "def something_else(): ...\n").blocks
    assert [piece.differs for line in (*block.old, *block.new) for piece in line.pieces] == [
        False,
        False,
    ]


def test_numbers_are_those_of_each_file() -> None:
    found = sources("a\nb\nc\n", "new\na\nc\n")
    assert shown(found) == [
        (Change.ADDED, [], [1]),
        (Change.SAME, [1], [2]),
        (Change.REMOVED, [2], []),
        (Change.SAME, [3], [3]),
    ]


def test_equal_files_have_no_difference_whatever_their_line_ends() -> None:
    found = sources(OLD, OLD.replace("\n", "\r\n"))
    assert (found.blocks, found.added, found.removed) == ((), 0, 0)
    assert found.rest == 5


def test_an_empty_file_is_no_line() -> None:
    assert shown(sources("", "x\n")) == [(Change.ADDED, [], [1])]
    assert sources("", "").blocks == ()


def test_far_from_a_change_lines_are_only_counted() -> None:
    old = "".join(f"{n}\n" for n in range(100))
    found = sources(old, old.replace("50\n", "fifty\n"))
    assert [block.skipped for block in found.blocks] == [50 - CONTEXT, 0, 0]
    assert found.rest == 49 - CONTEXT


LINES = st.lists(st.sampled_from(["", "a", "b", "    c = 1", "    c = 2"]), max_size=14)


@given(LINES, LINES)
def test_every_line_is_shown_or_counted_once_and_in_order(old: list[str], new: list[str]) -> None:
    found = sources("\n".join(old) + "\n", "\n".join(new) + "\n")
    skipped = sum(block.skipped for block in found.blocks) + found.rest
    for lines, own in ((old, "old"), (new, "new")):
        sides = [getattr(block, own) for block in found.blocks]
        numbers = [line.number for side in sides for line in side]
        assert all(a < b for a, b in pairwise(numbers))
        assert len(numbers) + skipped == len("\n".join(lines).split("\n")) - (lines in ([], [""]))
        for side in sides:
            assert text(side) == [(lines or [""])[line.number - 1] for line in side]
    for block in found.blocks:
        if block.change is Change.SAME:
            assert text(block.old) == text(block.new)


def test_files_of_any_length_are_compared_in_a_moment() -> None:
    began = time.process_time()
    many = [f"x{n % 97} = {n % 89}" for n in range(60_000)]
    found = sources("\n".join(many), "\n".join(many[::-1]))
    few = [f"x{n % 97} = {n % 89}" for n in range(MOST_LINES)]
    sources("\n".join(few), "\n".join(few[::-1]))
    sources("x" * 250_000, "y " * 120_000)
    assert found.added > 50_000
    assert time.process_time() - began < 20


def _punctuation(lines: int, own: str) -> str:
    """Lines of many words, few of which differ, as they take longest to match."""
    return "".join(f"{'+-' * 95}{own}{'-+' * 95}{number}\n" for number in range(lines))


def _repeated(lines: int, own: str) -> str:
    """Lines that are repeated so often that each can be matched with many, with others between."""
    return "".join(f"x{n // 2 % 55}\n" if n % 2 else f"{own}{n}\n" for n in range(lines))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_punctuation(650, "."), _punctuation(650, ",")),
        (_repeated(MOST_LINES, "old"), _repeated(MOST_LINES, "new")),
    ],
    ids=["words", "lines"],
)
def test_files_that_are_made_to_be_costly_are_not(old: str, new: str) -> None:
    began = time.process_time()
    assert sources(old, new).blocks
    assert time.process_time() - began < 3


def test_where_there_is_too_much_to_match_lines_are_still_shown_as_a_whole() -> None:
    [block] = sources(_punctuation(100, "."), _punctuation(100, ",")).blocks
    assert [piece.differs for piece in block.new[0].pieces] == [False, True, False]
    assert [piece.differs for piece in block.new[-1].pieces] == [False]


def test_a_long_file_still_shows_where_it_changed() -> None:
    many = [f"x = {n}" for n in range(2 * MOST_LINES)]
    found = sources("\n".join(many), "\n".join([*many[:50], "new", *many[50:]]))
    assert shown(found)[1] == (Change.ADDED, [], [51])


def test_scores_stand_in_the_order_of_the_newer_attempt_with_what_only_the_older_has() -> None:
    old = {"sum": ("Sum", 4.0, 10.0), "gone": ("Gone", 1.0, 5.0)}
    new = {"product": ("Product", 3.1, 10.0), "sum": ("Sum", 10.0, 10.0)}
    found = scores(old, new)
    assert found == [
        Points("Product", None, 3.1, 10.0),
        Points("Sum", 4.0, 10.0, 10.0),
        Points("Gone", 1.0, None, 5.0),
    ]
    assert [one.gain for one in found] == [None, 6.0, None]


def test_a_gain_has_no_more_digits_than_points_have() -> None:
    assert Points("Sum", 0.1, 0.3, 1).gain == 0.2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x\n" * 262_000, "y\n" * 262_000),
        ("", "y\n" * 262_000),
        ("x\n" * 262_000, "y\n"),
        ("".join(f"{n}\n" for n in range(3_000)), "".join(f"{n}\n{-n}\n" for n in range(3_000))),
    ],
    ids=["all", "new", "gone", "every other line"],
)
def test_of_too_many_lines_that_differ_some_are_shown_and_all_counted(old: str, new: str) -> None:
    found = sources(old, new)
    shown = sum(len(b.old) + len(b.new) for b in found.blocks if b.change is not Change.SAME)
    assert shown == MOST_SHOWN
    assert found.cut == found.added + found.removed - shown > 0
    assert found.rest == 0
    assert sum(len(b.old) for b in found.blocks) < 20_000
