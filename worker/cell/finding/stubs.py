"""Owns telling what is written from what is only begun: `pass`, or `raise NotImplementedError`."""

from __future__ import annotations

import builtins
import dis
import functools
import types
from typing import Any

from ..loading.classes import function_behind, is_a, is_function_class, method_of, tried

globals()["__builtins__"] = vars(builtins).copy()

_NOTHING_DONE = frozenset(
    {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "STORE_FAST"}
)
_RETURNS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RETURN_GENERATOR"})
_instructions = dis.get_instructions
BACKWARD, FORWARD = 1, 2
"""What is yet to be written: backward alone, or forward, and so all of it."""
_LONG = 400
"""Bytes of code of which no stub has more."""
_BUILTIN, _BOUND = types.BuiltinFunctionType, types.MethodType
_partial = functools.partial


def unwritten(value: Any) -> int:
    """How much of an entry is yet to be written: FORWARD, BACKWARD or 0."""
    if is_function_class(value):
        if method_of(value, "forward") is None or _is_stub(method_of(value, "forward")):
            return FORWARD
        backward = method_of(value, "backward") or method_of(value, "vjp")
        return BACKWARD if backward is None or _is_stub(backward) else 0
    if is_a(value, _partial):
        return unwritten(value.func)
    if type(value) in (_BUILTIN, _BOUND):
        owner = value.__self__
        return unwritten(owner) if is_function_class(owner) else 0
    return FORWARD if _is_stub(value) else 0


def _is_stub(method: Any) -> bool:
    function = tried(function_behind, method)
    return function is not None and bool(tried(_does_nothing, function.__code__))


def _does_nothing(code: types.CodeType) -> bool:
    """Whether code raises NotImplementedError whatever it is given, or computes nothing at all."""
    raises = "NotImplementedError" in code.co_names
    if len(code.co_code) > _LONG or (code.co_names and not raises):
        return False
    steps = [*_instructions(code)]
    if raises:
        return not any(step.opname in _RETURNS for step in steps)
    arguments = code.co_varnames[: code.co_argcount]
    return all(
        step.opname in _NOTHING_DONE
        or (step.opname.startswith("LOAD_FAST") and step.argval not in arguments)
        for step in steps
    ) and not _returns_a_value(steps)


def _returns_a_value(steps: list[dis.Instruction]) -> bool:
    """Whether a constant other than None (or a text, such as a docstring) is made use of."""
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return any(one not in (None, ...) and type(one) is not str for one in constants)
