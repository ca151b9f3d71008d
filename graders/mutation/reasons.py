"""Owns why a mutant that nothing tells from the right file is no wrong file.

That it gives the same results was seen before anything is said here: with further seeds, and on
shapes that the exercise does not list.
"""

from __future__ import annotations

from collections.abc import Mapping

_REASONS: Mapping[str, str] = {
    "another name": "the other name holds what serves as well there",
    "another tensor saved": "what was saved is not used",
    "arguments swapped": "the operation does not mind the order of its arguments",
    "boundary": "both branches agree at the boundary",
    "condition dropped": "both branches come to the same for what the exercise asks",
    "condition negated": "both branches come to the same for what the exercise asks",
    "conversion dropped": "it was of this type already",
    "copy dropped": "nothing depended on the copy",
    "reduction dropped": "PyTorch itself adds up a gradient that is larger than its input",
    "shaping dropped": "broadcasting gives the same shape",
    "statement left out": "the statement has no effect on any result",
    "transpose dropped": "transposing changes nothing there",
}
_OTHERS = "no result depends on the value that was changed"


def reason(kind: str, *, reached: bool, exact: bool) -> str:
    """In words, by what was changed and what was seen of it."""
    if not reached:
        return "the code does not run when this exercise is graded"
    if not exact:
        return "the results are the same but for rounding"
    return _REASONS.get(kind, _OTHERS)
