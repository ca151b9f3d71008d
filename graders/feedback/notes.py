"""Owns what there is to say about a file as a whole: errors at its top level, limits, refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graders.exercises import EXERCISES
from graders.model.evidence import Entry, Evidence, Raised
from graders.results.endings import describe
from graders.results.report import Note

_WAYS_OUT = {
    "ModuleNotFoundError": " Only PyTorch, NumPy and Python's own library can be imported here.",
}

_MOST = 40
"""Notes of one kind; who has more of them has mended enough with these."""


def notes(evidence: Evidence) -> list[Note]:
    """All notes, in the order in which things happened."""
    found: list[Note] = []
    if evidence.parsed is not None and (error := evidence.parsed.error) is not None:
        message = f"{error.type}: {error.message}. Nothing can be graded before this is mended."
        found.append(Note("unreadable", message, error.line))
    if evidence.loaded is not None:
        raised, blocked = evidence.loaded.raised, evidence.loaded.blocked
        found += [Note("raised", _raised(one), one.line) for one in raised[:_MOST]]
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


def _raised(raised: Raised) -> str:
    message = f"{raised.type}: {raised.message}" if raised.message else raised.type
    way_out = _WAYS_OUT.get(raised.type, "")
    return f"This statement raised {message}. The rest was run.{way_out}"
