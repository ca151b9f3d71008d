"""Owns following elements of tensors through operations that only move them about.

Each element of a variable has a number. An operation on tensors is done once more on tensors of
these numbers; where the results have, at each place, the element of that number, it has moved
elements and computed nothing.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_map

from ..hardening import trusted_torch
from .tensors import is_tensor

globals()["__builtins__"] = vars(builtins).copy()

_CUT = frozenset({"aten::detach", "aten::detach_"})
"""Operations that nothing goes back through."""
_CAST = "aten::_to_copy"
NOTHING = -1
"""The number of an element that is no variable's."""
FIRST = 1 << 40
"""The number of the first element: none that an operation makes of nothing, as 0 and 1 are."""


class Moves:
    """The numbers of all elements that were met. `computed` names the first operation that did not
    only move them."""

    def __init__(self) -> None:
        self.computed = ""
        self._numbers: dict[int, tuple[Any, Any]] = {}  # the tensors are kept, and so their ids
        self._values = torch.zeros(0, dtype=torch.float64)
        self.following = False
        """Whether operations are the file's own, between two of its Functions."""

    def learn(self, tensor: Any, start: int) -> None:
        """A variable, whose first element has the number `start`; they come in order."""
        count = trusted_torch.numel(tensor)
        flat = trusted_torch.detach(tensor).reshape(-1).to(torch.float64)
        assert start == FIRST + len(self._values)
        self._values = torch.cat([self._values, flat])
        numbers = torch.arange(start, start + count).view(tensor.shape)
        self._numbers[id(tensor)] = tensor, numbers

    def numbers(self, tensor: Any) -> Any:
        """The numbers of a tensor's elements, or None where none of them is a variable's."""
        known = self._numbers.get(id(tensor))
        if known is None or known[0] is not tensor or not bool((known[1] >= 0).any()):
            return None
        return known[1].clone() if self._are_right([tensor], [known[1]]) else None

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Operations in here are followed."""
        with _mode(self):
            self.following = True
            try:
                yield
            finally:
                self.following = False

    def aside(self, work: Callable[[], Any]) -> Any:
        """What `work` gives, whose operations are not followed."""
        was, self.following = self.following, False
        try:
            return work()
        finally:
            self.following = was

    def did(self, operation: Any, args: Any, named: Any) -> Any:
        """Does an operation, and follows it."""
        result = operation(*args, **named)
        if self.following:
            self.aside(lambda: self._follow(operation, args, named, result))
        return result

    def _follow(self, operation: Any, args: Any, named: Any, result: Any) -> None:
        name = operation._schema.name
        given = [one for one in tree_flatten((args, named))[0] if is_tensor(one)]
        followed = any(bool((self._of(one) >= 0).any()) for one in given)
        outputs = [one for one in tree_flatten(result)[0] if is_tensor(one)]
        moved = self._moved(operation, name, args, named) if given else None
        if moved is not None and self._are_right(outputs, moved):
            for output, numbers in zip(outputs, moved, strict=True):
                if not any(output is one for one in given):
                    self._numbers[id(output)] = output, numbers
            return
        for output in outputs:
            self._numbers[id(output)] = output, torch.full(output.shape, NOTHING)
        if followed and name not in _CUT and any(map(_is_real, outputs)):
            self.computed = self.computed or name

    def _of(self, tensor: Any) -> Any:
        known = self._numbers.get(id(tensor))
        if known is None or known[0] is not tensor:
            known = self._numbers[id(tensor)] = tensor, torch.full(tensor.shape, NOTHING)
        return known[1]

    def _moved(self, operation: Any, name: str, args: Any, named: Any) -> list[Any] | None:
        """What an operation does to the numbers; None where it does nothing of the kind."""
        if name in _CUT:
            return None

        def numbered(value: Any) -> Any:
            return self._of(value) if is_tensor(value) and _is_real(value) else value

        try:
            if name == _CAST:
                result = self._of(args[0]).clone()
            else:
                result = operation(*tree_map(numbered, args), **tree_map(numbered, named))
        except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
            return None
        return [one for one in tree_flatten(result)[0] if is_tensor(one)]

    def _are_right(self, outputs: list[Any], moved: list[Any]) -> bool:
        """Whether each output has, at each place, the element whose number is there."""
        if len(outputs) != len(moved):
            return False
        for output, numbers in zip(outputs, moved, strict=True):
            if numbers.dtype is not torch.int64 or numbers.shape != output.shape:
                return False
            theirs = numbers != NOTHING
            places = numbers[theirs] - FIRST
            if bool(((places < 0) | (places >= len(self._values))).any()):
                return False
            want = self._values[places]
            got = trusted_torch.detach(output)[theirs].to(torch.float64)
            if not bool(((got == want) | ((got != got) & (want != want))).all()):
                return False
        return True


def _is_real(tensor: Any) -> bool:
    return bool(trusted_torch.dtype(tensor).is_floating_point)


def _mode(moves: Moves) -> Any:
    """A mode of PyTorch's in which every operation goes through `moves`."""

    def dispatched(_: Any, operation: Any, __: Any, args: Any = (), named: Any = None) -> Any:
        return moves.did(operation, args, named or {})

    return trusted_torch.dispatch_mode(dispatched)
