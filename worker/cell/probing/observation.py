"""Owns a closer look at one run of an entry: which operations, on what, and where in the file.

It gives no points and takes none: it is what the cost is counted by, and what staff are told of.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from torch.utils._pytree import tree_flatten

from ..hardening import frame_proxies, trusted_torch
from .tensors import is_tensor

globals()["__builtins__"] = vars(builtins).copy()

_MOST = 20_000
"""Operations that are looked at; a loop of more is not looked at to its end."""
_TABLE = 64
"""Elements of a tensor from outside of a run from which on it is told of."""
_caller = frame_proxies.caller

Work = Callable[[], None]


class _Enough(BaseException):
    """There were more operations than are looked at."""


def observe(
    forward: Work,
    backward: Work,
    is_theirs: Callable[[], bool],
    line_of_frame: Callable[[Any], int | None],
) -> dict[str, Any]:
    """What was seen while forward and then backward ran once more; nothing if they raised.

    `is_theirs` says whether an operation is the file's own.

    "operations" counts them all; "evaluations" is how often the operations of forward ran, in
    their order, within backward; "complex" and "table" are lines where complex numbers were
    computed with, and where a large tensor was read that nothing in this run had made.
    """
    seen = _Seen(is_theirs, line_of_frame)
    try:
        with seen.mode():
            forward()
            seen.in_backward = True
            backward()
    except BaseException:  # it went well before, so whatever this is says nothing
        return {}
    return seen.described()


class _Seen:
    def __init__(
        self, is_theirs: Callable[[], bool], line_of_frame: Callable[[Any], int | None]
    ) -> None:
        self.in_backward = False
        self._is_theirs = is_theirs
        self._line_of = line_of_frame
        self._names: tuple[list[str], list[str]] = ([], [])
        self._kept: list[Any] = []  # so that no id comes twice
        self._made: set[int] = set()
        self._found: dict[str, int | None] = {}

    def mode(self) -> Any:
        def dispatched(_: Any, operation: Any, __: Any, args: Any = (), named: Any = None) -> Any:
            return self._did(operation, args, named or {}, _caller())

        return trusted_torch.dispatch_mode(dispatched)

    def _did(self, operation: Any, args: Any, named: Any, frame: Any) -> Any:
        if not self._is_theirs():
            return operation(*args, **named)
        names = self._names[self.in_backward]
        names.append(operation._schema.name)
        if len(names) > _MOST:
            raise _Enough
        result = operation(*args, **named)
        given = [one for one in tree_flatten((args, named))[0] if is_tensor(one)]
        outputs = [one for one in tree_flatten(result)[0] if is_tensor(one)]
        self._kept += outputs
        self._made.update(map(id, outputs))
        if any(trusted_torch.dtype(one).is_complex for one in outputs):
            self._note("complex", frame)
        if any(trusted_torch.numel(one) >= _TABLE and id(one) not in self._made for one in given):
            self._note("table", frame)
        return result

    def _note(self, what: str, frame: Any) -> None:
        if what not in self._found:
            self._found[what] = self._line_of(frame)

    def described(self) -> dict[str, Any]:
        forward, backward = self._names
        return {
            "operations": len(forward) + len(backward),
            "evaluations": _times(forward, backward),
            "noticed": self._found,
        }


def _times(part: list[str], whole: list[str]) -> int:
    """How often a part stands in the whole, one after another."""
    count = at = 0
    while part and at + len(part) <= len(whole):
        if whole[at : at + len(part)] == part:
            count, at = count + 1, at + len(part)
        else:
            at += 1
    return count
