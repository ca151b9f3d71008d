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

import numpy as np
import torch

from ..hardening import trusted_torch
from .tensors import is_tensor, within

globals()["__builtins__"] = vars(builtins).copy()

_concatenate, _zeros, _asarray = np.concatenate, np.zeros, np.asarray
_from_numpy: Any = torch.from_numpy
_ROUNDED = (torch.float32, torch.bfloat16, torch.float16)
_arange, _full, _int64, _float64 = torch.arange, torch.full, torch.int64, torch.float64
_any, _all = np.logical_or.reduce, np.logical_and.reduce
_CUT = frozenset({"aten::detach", "aten::detach_"})
"""Operations that nothing goes back through."""
_CAST = "aten::_to_copy"
_PAD = "aten::constant_pad_nd"
NOTHING = -1
"""The number of an element that is no variable's."""
FIRST = 1 << 40
"""The number of the first element: none that an operation makes of nothing, as 0 and 1 are."""

_sharing: dict[Any, bool] = {}
"""Whether that is so which `_shares` says, of each operation that was met."""


class Moves:
    """The numbers of all elements that were met. `computed` names the first operation that did not
    only move them.

    What is asked of numbers and values is asked of NumPy: an operation of PyTorch's would go
    through the mode, and take ten times as long as what it does. It is asked of functions in C that
    were taken before a file ran: an array's own `any` is a Python function that a file can change.
    """

    def __init__(self) -> None:
        self.computed = ""
        self._numbers: dict[int, tuple[Any, Any]] = {}  # the tensors are kept, and so their ids
        self._values = _zeros(0)
        self.following = False
        """Whether operations are the file's own, between two of its Functions."""

    def learn(self, tensor: Any, start: int) -> None:
        """A variable, whose first element has the number `start`; they come in order."""
        count = trusted_torch.numel(tensor)
        assert start == FIRST + len(self._values)
        self._values = _concatenate([self._values, _elements(tensor).reshape(-1)])
        numbers = trusted_torch.view(_arange(start, start + count), trusted_torch.shape(tensor))
        self._numbers[id(tensor)] = tensor, numbers

    def numbers(self, tensor: Any) -> Any:
        """The numbers of a tensor's elements, or None where none of them is a variable's."""
        if not self._leads(tensor):
            return None
        _, numbers = self._numbers[id(tensor)]
        return trusted_torch.clone(numbers) if self._are_right([tensor], [numbers]) else None

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
        given, outputs = within((args, named)), within(result)
        leads = any(map(self._leads, given))
        if not leads and not _shares(operation):
            return  # new memory with nobody's elements, as all that is not known
        moved = self._moved(operation, name, args, named) if given else None
        if moved is not None and self._are_right(outputs, moved):
            for output, numbers in zip(outputs, moved, strict=True):
                if not any(output is one for one in given):
                    self._numbers[id(output)] = output, numbers
            return
        for output in outputs:
            self._numbers[id(output)] = output, _nobodys(output)
        if leads and name not in _CUT and any(map(_is_real, outputs)):
            self.computed = self.computed or name

    def _leads(self, tensor: Any) -> bool:
        """Whether any of a tensor's elements is a variable's."""
        known = self._numbers.get(id(tensor))
        return known is not None and known[0] is tensor and _has_some(known[1])

    def _of(self, tensor: Any) -> Any:
        known = self._numbers.get(id(tensor))
        if known is None or known[0] is not tensor:
            known = self._numbers[id(tensor)] = tensor, _nobodys(tensor)
        return known[1]

    def _moved(self, operation: Any, name: str, args: Any, named: Any) -> list[Any] | None:
        """What an operation does to the numbers; None where it does nothing of the kind."""
        if name in _CUT:
            return None

        def numbered(value: Any) -> Any:
            if is_tensor(value):
                return self._of(value) if _is_real(value) else value
            if isinstance(value, (tuple, list)):
                return [*map(numbered, value)]
            return value

        try:
            if name == _CAST:
                result = trusted_torch.clone(self._of(args[0]))
            elif name == _PAD:
                result = operation(self._of(args[0]), args[1], NOTHING)
            else:
                others = {key: numbered(value) for key, value in named.items()}
                result = operation(*map(numbered, args), **others)
        except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError):
            return None
        return within(result)

    def _are_right(self, outputs: list[Any], moved: list[Any]) -> bool:
        """Whether each output has, at each place, the element whose number is there."""
        if len(outputs) != len(moved):
            return False
        for output, numbers in zip(outputs, moved, strict=True):
            if trusted_torch.dtype(numbers) is not _int64:
                return False
            if trusted_torch.shape(numbers) != trusted_torch.shape(output):
                return False
            found, got = _plain(numbers), _elements(output)
            theirs = found != NOTHING
            if not _all(theirs, axis=None):
                found, got = found[theirs], got[theirs]
            places = found - FIRST
            if _any((places < 0) | (places >= len(self._values)), axis=None):
                return False
            if not _are_same(got, self._values[places]):
                return False
        return True


def _shares(operation: Any) -> bool:
    """Whether what an operation gives may lie in the memory of what it is given, or it changes
    that. The schemas of those called unsafe do not say it."""
    if operation not in _sharing:
        schema = operation._schema
        shares = any(one.alias_info is not None for one in schema.arguments)
        _sharing[operation] = shares or "unsafe" in schema.name
    return _sharing[operation]


def _plain(tensor: Any) -> Any:
    """What a tensor holds, for NumPy."""
    return trusted_torch.numpy(trusted_torch.resolve_neg(tensor))


def _are_same(got: Any, want: Any) -> bool:
    """Whether values are those that are wanted, be it rounded: a cast does no more than that."""
    same = (got == want) | ((got != got) & (want != want))
    if not _all(same, axis=None):
        exact = _from_numpy(_asarray(want))
        for kind in _ROUNDED:
            rounded = trusted_torch.to(trusted_torch.to(exact, kind), _float64)
            same = same | (got == trusted_torch.numpy(rounded))
    return bool(_all(same, axis=None))


def _has_some(numbers: Any) -> bool:
    """Whether any of these numbers is that of a variable's element."""
    return bool(_any(_plain(numbers) >= 0, axis=None))


def _nobodys(tensor: Any) -> Any:
    """Numbers for a tensor none of whose elements is a variable's."""
    return _full(trusted_torch.shape(tensor), NOTHING)


def _elements(tensor: Any) -> Any:
    """A tensor's elements as float64, for NumPy."""
    return _plain(trusted_torch.to(trusted_torch.detach(tensor), _float64))


def _is_real(tensor: Any) -> bool:
    return bool(trusted_torch.dtype(tensor).is_floating_point)


def _mode(moves: Moves) -> Any:
    """A mode of PyTorch's in which every operation goes through `moves`."""

    def dispatched(_: Any, operation: Any, __: Any, args: Any = (), named: Any = None) -> Any:
        return moves.did(operation, args, named or {})

    return trusted_torch.dispatch_mode(dispatched)
