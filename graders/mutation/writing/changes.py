"""Owns the small changes that make a wrong file of a right one, node by node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

Change = tuple[str, ast.AST | None]
"""Its kind, and what stands in the node's place; None leaves a statement out."""

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[tuple[str, type[ast.cmpop]], ...]] = {
    ast.Lt: (("boundary", ast.LtE), ("condition negated", ast.GtE)),
    ast.LtE: (("boundary", ast.Lt), ("condition negated", ast.Gt)),
    ast.Gt: (("boundary", ast.GtE), ("condition negated", ast.LtE)),
    ast.GtE: (("boundary", ast.Gt), ("condition negated", ast.Lt)),
    ast.Eq: (("condition negated", ast.NotEq),),
    ast.NotEq: (("condition negated", ast.Eq),),
    ast.Is: (("condition negated", ast.IsNot),),
    ast.IsNot: (("condition negated", ast.Is),),
}
_FUNCTIONS = {
    "sum": "mean",
    "mean": "sum",
    "ones_like": "zeros_like",
    "zeros_like": "ones_like",
    "ones": "zeros",
    "zeros": "ones",
    "max": "min",
    "amax": "amin",
    "sigmoid": "tanh",
    "tanh": "sigmoid",
    "exp": "expm1",
    "log": "log1p",
    "sqrt": "abs",
    "softmax": "log_softmax",
    "mul": "add",
    "add": "sub",
    "sub": "add",
    "div": "mul",
    "relu": "abs",
    "neg": "abs",
}
_DROPPED = {
    "transpose dropped": ("t", "T", "mT", "transpose", "permute", "swapaxes"),
    "copy dropped": ("clone", "contiguous", "detach"),
    "shaping dropped": (
        "expand",
        "expand_as",
        "broadcast_to",
        "unsqueeze",
        "squeeze",
        "view",
        "view_as",
        "reshape",
        "flatten",
    ),
    "reduction dropped": ("sum", "mean", "amax"),
    "conversion dropped": ("to", "float", "double", "type_as", "type"),
}
_KIND_OF_DROP = {name: kind for kind, names in _DROPPED.items() for name in names}


@dataclass(frozen=True, slots=True)
class Scope:
    """The function around a node: its names that may be mistaken for each other, upstream's."""

    names: tuple[str, ...]
    upstream: tuple[str, ...]
    backward: bool


def changes(node: ast.AST, scope: Scope) -> Iterator[Change]:
    """All changes of one node."""
    if look := _LOOKS.get(type(node)):
        yield from look(node, scope)
    if isinstance(node, (ast.AugAssign, ast.Expr, ast.If)):
        yield "statement left out", None


def _binary(node: ast.BinOp, _: Scope) -> Iterator[Change]:
    for operator in _OPERATORS.get(type(node.op), ()):
        yield "operator changed", ast.BinOp(node.left, operator(), node.right)
    yield "term or factor dropped", node.left
    yield "term or factor dropped", node.right
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
        yield "operands swapped", ast.BinOp(node.right, node.op, node.left)


def _unary(node: ast.UnaryOp, _: Scope) -> Iterator[Change]:
    if isinstance(node.op, (ast.USub, ast.Invert)):
        yield "minus dropped" if isinstance(node.op, ast.USub) else "mask negated", node.operand
    elif isinstance(node.op, ast.Not):
        yield "condition negated", node.operand


def _compare(node: ast.Compare, _: Scope) -> Iterator[Change]:
    for kind, operator in _COMPARISONS.get(type(node.ops[0]), ()):
        yield kind, ast.Compare(node.left, [operator(), *node.ops[1:]], node.comparators)


def _constant(node: ast.Constant, _: Scope) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield "flag changed", ast.Constant(not node.value)
    elif isinstance(node.value, (int, float)):
        yield "constant changed", ast.Constant(node.value + 1)
        yield "constant changed", ast.Constant(node.value - 1)


def _name(node: ast.Name, scope: Scope) -> Iterator[Change]:
    if not isinstance(node.ctx, ast.Load) or node.id not in scope.names:
        return
    if len(scope.names) > 1:
        after = (scope.names.index(node.id) + 1) % len(scope.names)
        yield "another name", ast.Name(scope.names[after], ast.Load())
    if node.id in scope.upstream:
        zeros = ast.BinOp(node, ast.Mult(), ast.Constant(0))
        yield "upstream replaced by ones", ast.BinOp(zeros, ast.Add(), ast.Constant(1))


def _attribute(node: ast.Attribute, _: Scope) -> Iterator[Change]:
    if node.attr in ("T", "mT"):
        yield "transpose dropped", node.value


def _call(node: ast.Call, _: Scope) -> Iterator[Change]:
    function = node.func
    if isinstance(function, ast.Attribute):
        if (other := _FUNCTIONS.get(function.attr)) is not None:
            renamed = ast.Attribute(function.value, other, ast.Load())
            yield "function changed", ast.Call(renamed, node.args, node.keywords)
        if (kind := _KIND_OF_DROP.get(function.attr)) is not None:
            yield kind, _without(function, node)
        if function.attr == "save_for_backward" and node.args:
            others = [*node.args[1:], node.args[0]]
            if len(others) > 1:
                yield "another tensor saved", ast.Call(function, [others[0], *node.args[1:]], [])
    if len(node.args) > 1 and not any(isinstance(arg, ast.Starred) for arg in node.args):
        args = [node.args[1], node.args[0], *node.args[2:]]
        yield "arguments swapped", ast.Call(function, args, node.keywords)


def _without(function: ast.Attribute, call: ast.Call) -> ast.expr:
    """`a` of `a.sum(0)`, and of `torch.sum(a, 0)`."""
    of_module = isinstance(function.value, ast.Name) and function.value.id in ("torch", "t", "F")
    return call.args[0] if of_module and call.args else function.value


def _condition(node: ast.If | ast.IfExp, _: Scope) -> Iterator[Change]:
    changed = copy(node)
    changed.test = ast.UnaryOp(ast.Not(), node.test)
    yield "condition negated", changed
    if isinstance(node, ast.IfExp):
        yield "condition dropped", node.body
        yield "condition dropped", node.orelse


def _returned(node: ast.Return, scope: Scope) -> Iterator[Change]:
    value = node.value
    if not scope.backward or value is None:
        return
    if not isinstance(value, ast.Tuple):
        yield "gradient replaced by None", ast.Return(ast.Constant(None))
        if not isinstance(value, ast.Call):
            yield "gradient negated", ast.Return(ast.UnaryOp(ast.USub(), value))
        return
    parts = value.elts
    for at in range(len(parts)):
        rest = [*parts[:at], ast.Constant(None), *parts[at + 1 :]]
        yield "gradient replaced by None", ast.Return(ast.Tuple(rest, ast.Load()))
    for at in range(len(parts) - 1):
        swapped = [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]
        yield "returned in another order", ast.Return(ast.Tuple(swapped, ast.Load()))


def _augmented(node: ast.AugAssign, _: Scope) -> Iterator[Change]:
    for operator in _OPERATORS.get(type(node.op), ()):
        yield "operator changed", ast.AugAssign(node.target, operator(), node.value)


_LOOKS: dict[type[ast.AST], Callable[[Any, Scope], Iterator[Change]]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.If: _condition,
    ast.IfExp: _condition,
    ast.Return: _returned,
    ast.AugAssign: _augmented,
}
