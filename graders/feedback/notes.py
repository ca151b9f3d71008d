"""Owns what there is to say about a file as a whole: errors at its top level, limits, refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graders.exercises import EXERCISES
from graders.model.evidence import Entry, Evidence, Parsed, Raised
from graders.model.places import Places
from graders.results.endings import describe, unread
from graders.results.exceptions import hint, listed
from graders.results.report import Note

_WAYS_OUT = {
    "ModuleNotFoundError": " Only PyTorch, NumPy and Python's own library can be imported here.",
}

_SHOWN = 8
"""Lines of one kind that are named."""
_MOST = 40
"""Notes of one kind; who has more of them has mended enough with these."""


def notes(evidence: Evidence) -> list[Note]:
    """All notes, in the order in which things happened."""
    found: list[Note] = []
    if evidence.parsed is not None:
        found += _of_reading(evidence.parsed, evidence.places)
    if evidence.loaded is not None:
        raised, blocked = evidence.loaded.raised, evidence.loaded.blocked
        found += [_raised(one) for one in raised[:_MOST] if not one.told or one.mended]
        found += [*_taken(evidence.loaded.entries)]
        found += [Note("blocked", f"Refused: {one.what}.", one.line) for one in blocked[:_MOST]]
        if len(raised) > _MOST or len(blocked) > _MOST:
            found.append(Note("cut", "There was more of this; only the first are told."))
    if evidence.output_cut:
        found.append(Note("output", "Your file printed more than is kept; the rest was dropped."))
    runs = [run for run in (evidence, evidence.direct) if run is not None]
    if stopped := next((run for run in runs if run.ending.kind != "done"), None):
        rest = " The rest was run without what was at work then." if stopped.went_on else ""
        found.append(Note("ending", f"The run was stopped: {describe(stopped.ending)}.{rest}"))
    return found


_PASSED = {
    "command": "is a notebook's command and no Python, and was passed over",
    "fence": "is a fence around code; what stands inside of it was read",
    "space": "has characters that only look like spaces; they were read as what they look like",
    "cell": "stands in a cell that Python cannot read, which was passed over as a whole",
    "indent": "is indented as all the others are; they were read from the left edge",
    "tab": "mixes tabs and spaces; tabs were read as so many spaces",
}
"""What is said of a line that is no Python."""


def _of_reading(parsed: Parsed, places: Places) -> Iterator[Note]:
    """What there is to say of the file before any of it ran."""
    by_kind: dict[str, list[int]] = {}
    for one in parsed.passed:
        by_kind.setdefault(one.what, []).append(one.line or 0)
    for what, lines in by_kind.items():
        if what in _PASSED:
            more = f" The same holds for {_several(lines[1:], places)}." if lines[1:] else ""
            yield Note("passed-over", f"This line {_PASSED[what]}.{more}", lines[0] or None)
    if (error := parsed.error) is not None:
        message = f"{error.type}: {error.message}. {unread(parsed)}"
        yield Note("unreadable", f"{message} Nothing can be graded before.", error.line)


def _several(lines: Sequence[int], places: Places) -> str:
    """The first of some lines, and how many more there are."""
    rest = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    if places.cells:
        return "; ".join(map(places.spoken, lines[:_SHOWN])) + rest
    shown = ", ".join(map(str, lines[:_SHOWN]))
    return f"{'line' if len(lines) == 1 else 'lines'} {shown}{rest}"


_TAKEN = {
    "words": "{title}: `{found}` was taken, going by the words in its name.",
    "only": "{title}: `{found}` was taken, as nothing else is left for it.",
    "inside": "{title}: `{found}` is defined inside of a function, and was graded as if it stood "
    "outside.",
}
"""Why something was taken for an exercise, where its name alone does not say."""


def _taken(entries: Mapping[str, Entry]) -> Iterator[Note]:
    for slug, entry in entries.items():
        if entry.found and (words := _TAKEN.get(entry.why)) and slug in EXERCISES:
            title = EXERCISES[slug].title
            yield Note("taken", words.format(title=title, found=entry.found), entry.line)


def _raised(raised: Raised) -> Note:
    message = f"{raised.type}: {raised.message}" if raised.message else raised.type
    if raised.mended:
        said = f"This definition raised {message}. It was read without its annotations."
        return Note("passed-over", said, raised.line)
    way_out = _WAYS_OUT.get(raised.type, "") or _spaced(hint(raised.message))
    return Note(
        "raised",
        f"This statement raised {message}. The rest was run.{way_out}{_for_want(raised)}",
        raised.line,
    )


def _for_want(raised: Raised) -> str:
    """What else an import that failed has cost."""
    if not raised.after:
        return ""
    names = listed([f"`{name}`" for name in raised.lacking])
    times = "one later statement" if raised.after == 1 else f"{raised.after} later statements"
    return f" For want of {names} {times} raised, too."


def _spaced(words: str) -> str:
    return f" {words}" if words else ""
