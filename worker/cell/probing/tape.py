"""Owns the way back through a file's Functions where there is no autograd: a small tape.

`apply` calls forward with a context of ours and notes what went in and what came out; a sweep goes
back over these notes and calls backward. What a callable does between two Functions may only move
elements about. The same moves, made on a tensor of element numbers, tell where each came from, and
a gradient is added up by these numbers on its way back.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import torch
from torch.autograd.function import Function

from ..hardening import trusted_torch
from . import accumulation, variables
from .context import Context
from .moves import FIRST, Moves
from .tensors import is_tensor
from .variables import Variable

globals()["__builtins__"] = vars(builtins).copy()

_PLAIN_SETUP: Any = Function.setup_context
_PLAIN_VJP: Any = Function.vjp
_class_name = type.__dict__["__name__"].__get__
_each: Any = tuple.__iter__
_CALLS = 1000
"""Calls noted in one probe."""
_ITEMS = 1024
"""Arguments and returned values of one call that are noted."""

LineOf = Callable[[Any, bool], int | None]


class _Node:
    """One call of `apply`: what is needed to call backward."""

    __slots__ = ("cls", "ctx", "needs", "origins", "outputs")

    def __init__(self, cls: Any, ctx: Any, needs: Any, origins: list[Any], outputs: list[Any]):
        """`needs` says for each argument whether its gradient is needed; the context says so to
        the file, which may overwrite it there. `origins` says where the elements of an argument
        came from, if its gradient is asked for: a Variable, a tensor of element numbers, or None.
        `outputs` has a Variable for each output, or None where no gradient comes back."""
        self.cls, self.ctx, self.needs = cls, ctx, needs
        self.origins, self.outputs = origins, outputs


class Tape:
    """What ran in one probe. `calls` are plain dicts, with raw values under "returned"."""

    def __init__(self, line_of: LineOf, mode: Any):
        """`mode.grad_enabled` is the file's own mode for gradients."""
        self.calls: list[dict[str, Any]] = []
        self._line_of, self._mode = line_of, mode
        self._nodes: list[_Node] = []
        self._elements = FIRST
        self._variables: list[Variable] = []
        self._known: dict[int, Variable] = {}
        self._moves: Moves | None = None
        self._inside = 0

    @property
    def is_theirs(self) -> bool:
        """Whether an operation that runs now is the file's own, and not the tape's."""
        return self._inside > 0 or (self._moves is not None and self._moves.following)

    def variable(self, tensor: Any, is_input: bool = True) -> Variable:
        """From now on this tensor's gradient is asked for, and the tensor says so."""
        if not is_input and not trusted_torch.is_inference(tensor):
            trusted_torch.set_requires_grad(tensor)
        made = Variable(tensor, self._elements, is_input)
        self._elements = made.end
        self._variables.append(made)
        self._known[id(tensor)] = made
        if self._moves is not None:
            self._moves.learn(tensor, made.start)
        return made

    def call(self, entry: Any, args: Sequence[Any], is_function: bool) -> Any:
        """What an entry gives. One that is no `apply` may move elements about."""
        if is_function:
            return entry(*args)
        if self._moves is None:
            self._moves = Moves()
            for one in self._variables:
                self._moves.learn(one.tensor, one.start)
        with self._moves.followed():
            return entry(*args)

    @property
    def computed(self) -> str:
        """The first of PyTorch's operations that computed something between two Functions."""
        return self._moves.computed if self._moves is not None else ""

    def dropped(self, outputs: Sequence[Any]) -> str:
        """A mark of the elements that lead to no output, be it through Functions; empty where there
        are none."""
        if self._moves is None:
            return ""
        kept = variables.Kept(self._variables)
        for output in outputs:
            kept.add(self.origin(output))
        for node in reversed(self._nodes):
            if any(one is not None and kept.has(one) for one in node.outputs):
                for origin in node.origins:
                    kept.add(origin)
        return kept.dropped()

    def origin(self, value: Any) -> Any:
        """Where the elements of a value came from, or None where nobody asks for its gradient."""
        if not is_tensor(value):
            return None
        known = self._known.get(id(value))
        if known is not None and known.tensor is value:
            return known
        return self._moves.numbers(value) if self._moves is not None else None

    def apply(self, cls: Any, args: tuple[Any, ...]) -> Any:
        """What `cls.apply(*args)` gives."""
        if self._moves is not None and not self._inside:
            return self._moves.aside(lambda: self._applied(cls, args))
        return self._applied(cls, args)

    def _applied(self, cls: Any, args: tuple[Any, ...]) -> Any:
        recorded = not self._inside and self._mode.grad_enabled
        origins = [self.origin(one) if recorded else None for one in args]
        needs = tuple(
            one is not None
            or (is_tensor(arg) and trusted_torch.requires_grad(arg) and self._inside > 0)
            for one, arg in zip(origins, args, strict=True)
        )
        ctx = _context(cls, needs)
        if recorded:
            self._note(cls, True, needs)
        given = self._run(lambda: _forward(cls, ctx, args))
        outputs = tuple(_apart(one, args, ctx) for one in _items(given))
        if recorded and any(needs):
            unasked = {id(one) for one in ctx.non_differentiable}
            made = [
                self.variable(one, is_input=False)
                if is_tensor(one) and id(one) not in unasked and _is_real(one)
                else None
                for one in outputs
            ]
            self._nodes.append(_Node(cls, ctx, needs, origins, made))
        return outputs if isinstance(given, tuple) else outputs[0]

    def _run(self, work: Callable[[], Any]) -> Any:
        """Runs a method of the file's, as PyTorch does: without gradients, and seen as a whole."""
        was, self._mode.grad_enabled = self._mode.grad_enabled, False
        self._inside += 1
        try:
            return work()
        finally:
            self._inside -= 1
            self._mode.grad_enabled = was

    def sweep(self, starts: Sequence[tuple[Any, Any]]) -> dict[Variable, Any]:
        """The gradients of all variables that the way back leads to, of outputs and what comes from
        upstream for each; None where nothing was passed on."""
        found: dict[Variable, Any] = {}
        for output, upstream in starts:
            self._add(found, self.origin(output), upstream, "GraphRoot", 0)
        for node in reversed(self._nodes):
            if not any(one in found for one in node.outputs):
                continue
            given = [None if one is None else found.get(one) for one in node.outputs]
            grads = self._back(node, given)
            for at, (origin, grad) in enumerate(zip(node.origins, grads, strict=False)):
                if origin is not None and grad is not None:
                    self._add(found, origin, grad, f"{_class_name(node.cls)}Backward", at)
                elif origin is not None:
                    self._reach(found, origin)
        return found

    def _back(self, node: _Node, given: list[Any]) -> tuple[Any, ...]:
        if node.ctx.materialize_grads:
            given = [
                trusted_torch.zeros_like(one.tensor) if grad is None and one is not None else grad
                for one, grad in zip(node.outputs, given, strict=True)
            ]
        call = self._note(node.cls, False, node.needs)
        method = _backward(node.cls)
        returned = self._run(lambda: method(node.ctx, *given))
        grads = _items(returned)
        call["returned"] = tuple(returned[:_ITEMS]) if type(returned) is list else grads[:_ITEMS]
        call["none"] = [one is None for one in call["returned"]]
        if any(dtypes := [*map(accumulation.other_dtype, grads[:_ITEMS], node.origins)]):
            call["dtypes"] = dtypes
        accumulation.count(grads, len(node.origins), _class_name(node.cls))
        return grads

    def _note(self, cls: Any, forward: bool, needs: Sequence[bool]) -> dict[str, Any]:
        call = {
            "class": str.__str__(_class_name(cls))[:100],
            "pass": "forward" if forward else "backward",
            "line": self._line_of(cls, forward),
            "needs": list(needs[:_ITEMS]),
            "none": [],
            "returned": (),
        }
        if len(self.calls) < _CALLS:
            self.calls.append(call)
        return call

    def _add(self, found: dict[Variable, Any], origin: Any, grad: Any, node: str, at: int) -> None:
        """Adds what a node returned at a place. What goes straight to an input may have any shape,
        which is seen then; everywhere else it has to have the right one."""
        if not is_tensor(grad):
            raise TypeError(f"expected Variable or None (got {type(grad).__name__})")
        if type(origin) is Variable:
            before, shape = found.get(origin), trusted_torch.shape(origin.tensor)
            grad = accumulation.in_its_dtype(grad, origin.tensor)
            if before is not None or not origin.is_input:
                grad = accumulation.of_shape(grad, shape, node, at)
            if before is not None:
                grad = trusted_torch.add(accumulation.of_shape(before, shape, node, at), grad)
            found[origin] = grad
        elif origin is not None:
            grad = accumulation.of_shape(grad, trusted_torch.shape(origin), node, at)
            for variable, part in self._parts(origin, grad):
                before = found.get(variable)
                found[variable] = part if before is None else trusted_torch.add(before, part)

    def _reach(self, found: dict[Variable, Any], origin: Any) -> None:
        """Notes that the way back leads here with nothing on it: backward is called all the same,
        as in PyTorch."""
        if type(origin) is Variable:
            found.setdefault(origin, None)
            return
        for variable, _ in self._parts(origin, trusted_torch.to(origin, torch.float64)):
            found.setdefault(variable, None)

    def _parts(self, numbers: Any, grad: Any) -> Iterator[tuple[Variable, Any]]:
        """Adds a gradient up by the numbers of its elements, for each variable that has some."""
        flat, places = grad.reshape(-1), numbers.reshape(-1)
        for one in self._variables:
            theirs = (places >= one.start) & (places < one.end)
            if bool(theirs.any()):
                total = torch.zeros(one.end - one.start, dtype=one.tensor.dtype)
                total.index_add_(0, places[theirs] - one.start, flat[theirs].to(total.dtype))
                yield one, total.view(one.tensor.shape)


def _context(cls: Any, needs: tuple[bool, ...]) -> Any:
    """A context of a class that is called as PyTorch calls it."""
    kind = _kinds.get(cls)
    if kind is None:
        kind = _kinds[cls] = type(f"{_class_name(cls)}Backward", (Context,), {"_forward_cls": cls})
    ctx = kind()
    ctx.needs_input_grad = needs
    return ctx


_kinds: dict[Any, Any] = {}


def _items(given: Any) -> tuple[Any, ...]:
    """What a method gave, one or several. PyTorch asks no tuple's own methods, and nor do we."""
    return tuple(_each(given)) if isinstance(given, tuple) else (given,)


def _forward(cls: Any, ctx: Any, args: tuple[Any, ...]) -> Any:
    if cls.setup_context is _PLAIN_SETUP:
        return cls.forward(ctx, *args)
    output = cls.forward(*args)
    cls.setup_context(ctx, args, output)
    return output


def _backward(cls: Any) -> Any:
    """`backward`, or `vjp`, which is another name for it."""
    return cls.backward if cls.vjp is _PLAIN_VJP else cls.vjp


def _is_real(tensor: Any) -> bool:
    dtype = trusted_torch.dtype(tensor)
    return bool(dtype.is_floating_point or dtype.is_complex)


def _apart(output: Any, args: tuple[Any, ...], ctx: Any) -> Any:
    """An output that is one of the arguments, unless changed in place, is a view of it, as in
    PyTorch."""
    same = is_tensor(output) and any(output is one for one in args)
    dirty = same and any(output is one for one in ctx.dirty_tensors)
    return trusted_torch.view(output, trusted_torch.shape(output)) if same and not dirty else output


def outside_of_probes(cls: Any, args: tuple[Any, ...]) -> Any:
    """What `apply` gives while no probe runs: the result of forward."""
    return Tape(lambda *_: None, SimpleNamespace(grad_enabled=False)).apply(cls, args)
