"""Owns rewriting a formula: other names, another order, other spellings, with temporaries."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_AS_FUNCTION = frozenset({"sum", "mean", "unsqueeze", "amax", "abs", "flatten", "sigmoid", "var"})


def renamed(formula: str, names: Mapping[str, str]) -> str:
    """The formula with other names for its tensors."""
    return ast.unparse(_Renaming(names).visit(ast.parse(formula, mode="eval")))


def respelt(formula: str) -> str:
    """The same value: factors and terms the other way round, functions for methods."""
    return ast.unparse(_Respelling().visit(ast.parse(formula, mode="eval")))


def in_steps(formula: str, result: str, prefix: str) -> list[str]:
    """Assignments, one operation each, of which the last gives `result`."""
    steps = _Steps(prefix)
    last = steps.visit(ast.parse(formula, mode="eval").body)
    return [*steps.lines, f"{result} = {ast.unparse(last)}"]


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)


class _Respelling(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, (ast.Add, ast.Mult)):
            return ast.BinOp(right, node.op, left)
        if isinstance(node.op, ast.MatMult):
            return _torch("matmul", left, right)
        return ast.BinOp(left, node.op, right)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if not isinstance(function, ast.Attribute):
            return node
        if isinstance(function.value, ast.Name) and function.value.id == "torch":
            if function.attr == "outer":
                column, row = (
                    ast.Call(ast.Attribute(one, "unsqueeze", ast.Load()), [ast.Constant(at)], [])
                    for one, at in zip(node.args, (1, 0), strict=True)
                )
                return ast.BinOp(column, ast.Mult(), row)
            if function.attr == "mv":
                return ast.BinOp(node.args[0], ast.MatMult(), node.args[1])
        elif function.attr in _AS_FUNCTION:
            return ast.Call(_torch(function.attr).func, [function.value, *node.args], node.keywords)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if node.attr == "T":
            return ast.Call(ast.Attribute(node.value, "t", ast.Load()), [], [])
        return node


def _torch(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load()), [*args], [])


class _Steps(ast.NodeTransformer):
    """Puts every operation inside of another one on a line of its own."""

    def __init__(self, prefix: str) -> None:
        self.lines: list[str] = []
        self._prefix = prefix

    def _apart(self, node: ast.expr) -> ast.expr:
        node = self.visit(node)
        if not isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare)):
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            return node
        name = f"{self._prefix}{len(self.lines) + 1}"
        self.lines.append(f"{name} = {ast.unparse(node)}")
        return ast.Name(name, ast.Load())

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return ast.BinOp(self._apart(node.left), node.op, self._apart(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return ast.UnaryOp(node.op, self._apart(node.operand))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return ast.Compare(self._apart(node.left), node.ops, [*map(self._apart, node.comparators)])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = node.func
        if isinstance(function, ast.Attribute):
            function = ast.Attribute(self._apart(function.value), function.attr, ast.Load())
        return ast.Call(function, [*map(self._apart, node.args)], node.keywords)
