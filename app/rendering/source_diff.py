"""Owns the comparison of two attempts: what changed in the source, and in the score with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

CONTEXT = 3
MOST_LINES = 4_000
MOST_SHOWN = 1_000
"""Lines of both files together that differ and are shown; the rest is in the files themselves."""
_MOST_PAIRS = 16_000
"""Pairs of a line and one that it may be matched with; a file that repeats itself has more."""
_MOST_WORDS = 400_000
"""Pairs of words that are looked at in all lines together; further down, lines stay whole."""
_LONGEST_LINE = 400
_ALIKE = 0.5
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Change(StrEnum):
    """What became of a block of lines."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A part of a line, and whether it differs from the line beside it."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Line:
    """A line of one of the two files, with its number there, counted from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """Lines that belong together. `skipped` lines before it are the same and not shown."""

    change: Change
    old: tuple[Line, ...]
    new: tuple[Line, ...]
    skipped: int = 0


@dataclass(frozen=True)
class Points:
    """What one exercise (or all of them) scored before and after; None where there is no score."""

    title: str
    before: float | None
    after: float | None
    most: float

    @property
    def gain(self) -> float | None:
        """By how much it rose; None where one of the two is missing."""
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class Difference:
    """What changed in the source: how many lines are new, how many gone, and where.

    `rest` lines after the last block are the same; where too many differ, `cut` of them, and
    whatever is between them, are not shown.
    """

    blocks: tuple[Block, ...]
    rest: int
    added: int
    removed: int
    cut: int = 0


def sources(old: str, new: str) -> Difference:
    """The difference of two files, line by line, with a few equal lines around each change."""
    before, after = _lines(old), _lines(new)
    blocks: list[Block] = []
    skipped, purse, room = 0, _Purse(_MOST_WORDS), MOST_SHOWN
    steps = list(_steps(before, after))
    changes = [step for step in steps if step[0] is not Change.SAME]
    removed = sum(i2 - i1 for _, i1, i2, _, _ in changes)
    added = sum(j2 - j1 for _, _, _, j1, j2 in changes)
    for place, step in enumerate(steps):
        change, i1, i2, j1, j2 = step
        if change is not Change.SAME:
            shown = _fitting(step, room)
            blocks.append(_changed(shown, before, after, skipped, purse))
            skipped, room = 0, room - _size(shown)
            if room <= 0:
                break
            continue
        length = i2 - i1
        head = min(CONTEXT if place else 0, length)
        tail = min(CONTEXT if place < len(steps) - 1 else 0, length - head)
        if head:
            blocks.append(_same(after[j1 : j1 + head], i1, j1, skipped))
            skipped = 0
        skipped += length - head - tail
        if tail:
            blocks.append(_same(after[j2 - tail : j2], i2 - tail, j2 - tail, skipped))
            skipped = 0
    cut = removed + added - (MOST_SHOWN - room)
    return Difference(tuple(blocks), 0 if cut else skipped, added, removed, cut)


def scores(
    old: Mapping[str, tuple[str, float | None, float]] | None,
    new: Mapping[str, tuple[str, float | None, float]] | None,
) -> list[Points]:
    """Score by exercise, in the order of the newer one; (title, score, most) by slug come in."""
    before, after = old or {}, new or {}
    slugs = [*after, *(slug for slug in before if slug not in after)]
    found = []
    for slug in slugs:
        title, _, most = after.get(slug) or before[slug]
        found.append(
            Points(
                title,
                before[slug][1] if slug in before else None,
                after[slug][1] if slug in after else None,
                most,
            )
        )
    return found


def _lines(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return text.split("\n") if text else []


_Step = tuple[Change, int, int, int, int]


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    """Runs of lines as (change, from, to) in the old and (from, to) in the new file."""
    if max(len(old), len(new)) > MOST_LINES:  # to match these would take too long
        yield from _whole(old, new)
        return
    words = {
        "equal": Change.SAME,
        "replace": Change.CHANGED,
        "insert": Change.ADDED,
        "delete": Change.REMOVED,
    }
    matcher = SequenceMatcher(None, old, new)
    places: dict[str, list[int]] = matcher.b2j  # type: ignore[attr-defined]  # typeshed lacks it
    if sum(len(places.get(line, ())) for line in old) > _MOST_PAIRS:
        yield from _whole(old, new)
        return
    for word, i1, i2, j1, j2 in matcher.get_opcodes():
        yield words[word], i1, i2, j1, j2


def _size(step: _Step) -> int:
    """How many lines of both files it is about."""
    _, i1, i2, j1, j2 = step
    return i2 - i1 + j2 - j1


def _fitting(step: _Step, room: int) -> _Step:
    """As much of a change as there is room for, half of it for each side that needs it."""
    change, i1, i2, j1, j2 = step
    old = min(i2 - i1, max(room // 2, room - (j2 - j1)))
    new = min(j2 - j1, room - old)
    return change, i1, i1 + old, j1, j1 + new


def _whole(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    """Everything between what both files begin and end with, as one change."""
    short = min(len(old), len(new))
    head = next((i for i in range(short) if old[i] != new[i]), short)
    tail = next((i for i in range(short - head) if old[-1 - i] != new[-1 - i]), short - head)
    ends = len(old) - tail, len(new) - tail
    if head:
        yield Change.SAME, 0, head, 0, head
    if (ends[0], ends[1]) != (head, head):
        kind = (
            Change.ADDED
            if ends[0] == head
            else Change.REMOVED
            if ends[1] == head
            else Change.CHANGED
        )
        yield kind, head, ends[0], head, ends[1]
    if tail:
        yield Change.SAME, ends[0], len(old), ends[1], len(new)


def _same(lines: Sequence[str], i: int, j: int, skipped: int) -> Block:
    pieces = [(Piece(line),) for line in lines]
    return Block(
        Change.SAME,
        tuple(Line(i + at, piece) for at, piece in enumerate(pieces, 1)),
        tuple(Line(j + at, piece) for at, piece in enumerate(pieces, 1)),
        skipped,
    )


class _Purse:
    """What may be spent on one page: matching words costs as two lines are long, in the square."""

    def __init__(self, left: int) -> None:
        self._left = left

    def pays(self, price: int) -> bool:
        """Whether there is so much left; it is gone then."""
        self._left -= price
        return self._left >= 0


def _changed(
    step: _Step, before: Sequence[str], after: Sequence[str], skipped: int, purse: _Purse
) -> Block:
    change, i, i_end, j, j_end = step
    old, new = before[i:i_end], after[j:j_end]
    left: list[tuple[Piece, ...]] = [(Piece(line),) for line in old]
    right: list[tuple[Piece, ...]] = [(Piece(line),) for line in new]
    for at, (one, other) in enumerate(zip(old, new, strict=False)):
        left[at], right[at] = _beside(one, other, purse)
    return Block(
        change,
        tuple(Line(i + at, pieces) for at, pieces in enumerate(left, 1)),
        tuple(Line(j + at, pieces) for at, pieces in enumerate(right, 1)),
        skipped,
    )


def _beside(old: str, new: str, purse: _Purse) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines that stand beside each other; the words that differ, where the rest is alike."""
    whole = (Piece(old),), (Piece(new),)
    if max(len(old), len(new)) > _LONGEST_LINE:
        return whole
    left, right = _WORD.findall(old), _WORD.findall(new)
    if not purse.pays(len(left) * len(right)):
        return whole
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return whole
    steps = matcher.get_opcodes()
    return (
        tuple(Piece("".join(left[a:b]), word != "equal") for word, a, b, _, _ in steps if a < b),
        tuple(Piece("".join(right[a:b]), word != "equal") for word, _, _, a, b in steps if a < b),
    )
