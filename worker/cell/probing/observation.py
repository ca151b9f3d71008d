"""Owns a closer look at one run of an entry: which operations, on what, and where in the file.

It gives no points and takes none: it is what the cost is counted by, and what staff are told of.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import torch

from ..hardening import frame_proxies, trusted_torch
from .tensors import within

globals()["__builtins__"] = vars(builtins).copy()

_MOST = 20_000
"""Operations that are looked at; a loop of more is not looked at to its end."""
_TABLE = 64
"""Elements of a tensor from outside of a run from which on it is told of."""
_FORMULAS = frozenset(
    f"aten::{name}"
    for name in (
        *("add", "sub", "mul", "neg", "sum", "mm", "mv", "dot", "bmm", "addmm", "addmv", "expand"),
        *("t", "transpose", "permute", "view", "_unsafe_view", "unsqueeze", "squeeze", "clone"),
    )
)
"""Operations of which both forward and the formula of a gradient may be made alone."""
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
    their order, within backward, "elsewhere" how many other
    results that gave; "complex" and "table" are lines where complex numbers were
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
        self._results: tuple[list[Any], list[Any]] = ([], [])
        self._made: set[int] = set()  # ids, none of which comes twice while the results are kept
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
        given, outputs = within((args, named)), within(result)
        self._results[self.in_backward].append(outputs)
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
        ends = [*_ends(forward, backward)]
        return {
            "operations": len(forward) + len(backward),
            "evaluations": len(ends),
            "elsewhere": 0 if _FORMULAS.issuperset(forward) else self._elsewhere(ends),
            "noticed": self._found,
        }

    def _elsewhere(self, ends: list[int]) -> int:
        """How many results, none like another or like forward's, came of forward in backward."""
        forward, backward = self._results
        different = [forward[-1]]
        for end in ends:
            if not any(_are_close(one, backward[end]) for one in different):
                different.append(backward[end])
        return len(different) - 1


def _are_close(ones: list[Any], others: list[Any]) -> bool:
    return all(
        trusted_torch.shape(one) == trusted_torch.shape(other)
        and torch.allclose(
            trusted_torch.to(one, torch.float64),
            trusted_torch.to(other, torch.float64),
            rtol=1e-12,
            atol=0.0,
            equal_nan=True,
        )
        for one, other in zip(ones, others, strict=False)
    )


def _ends(part: list[str], whole: list[str]) -> Iterator[int]:
    """Where a part ends each time that it stands in the whole, one after another."""
    at = 0
    while part and at + len(part) <= len(whole):
        if whole[at : at + len(part)] == part:
            at += len(part)
            yield at - 1
        else:
            at += 1
