"""Owns reading the file: parsing it, and finding the lines where its Functions reach autograd."""

from __future__ import annotations
import __future__

import ast
import codecs
import io
import re
import tokenize
import types
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

Parsed = tuple[ast.Module, list[types.CodeType], int]
"""A file's tree, the code of each top-level statement, and the compiler flags on at its end."""

FILENAME = "submission.py"
_compile = compile
_ENCODINGS = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]")
_ROOTS = ("torch.autograd.", "torch.func.", "functorch.", "torch._functorch.")
_HARMLESS = frozenset({"Function", "function", "Variable"})
"""Parts of torch.autograd that compute nothing by themselves."""
_MODES = frozenset(
    {"no_grad", "set_detect_anomaly", "detect_anomaly", "profiler", "inference_mode"}
)
_METHODS = frozenset({"run_backward", "_execution_engine", "grad_fn", "next_functions"})
_USUAL = re.compile(rb"\btorch\.autograd(\.function)?(\.Function\b| +import +Function\b(?! *,))")
_TELLING = re.compile(
    rb"autograd|\bfunc\b|functorch|\.\s*backward\b|['\"]backward['\"]|(?<!save_for)_backward|_engine|grad_fn|next_f"
)
"""What the text has somewhere where something of autograd is in reach; most files have nothing."""
_ACROSS = re.compile(rb"__future__|\bglobal\b")
"""What of a statement can be wrong because of another one at the top level."""
_FINDINGS = 50
_DECORATION = 20
"""Lines that decorators of one definition may take; further down it is not looked for."""


def parse(source: bytes) -> tuple[Parsed | None, dict[str, Any] | None]:
    """The file, or what Python says against it: type, message, line and column."""
    try:
        _decode(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, FILENAME)
            if _ACROSS.search(source):
                compile(tree, FILENAME, "exec", dont_inherit=True)
            codes, flags = [], 0
            for statement in tree.body:
                flags |= _future(statement)
                codes.append(compiled(statement, flags))
    except SyntaxError as error:
        return None, _told(error, error.msg, error.lineno, error.offset)
    except (RecursionError, MemoryError) as error:
        return None, _told(error, "it is too long or too deeply nested", None, None)
    except (ValueError, LookupError) as error:
        return None, _told(error, str(error), None, None)
    return (tree, codes, flags), None


def compiled(statement: ast.stmt, flags: int) -> types.CodeType:
    """The code of one statement by itself. Raises SyntaxError, ValueError, RecursionError."""
    tree = ast.Module([statement], [])
    code: types.CodeType = _compile(tree, FILENAME, "exec", flags, dont_inherit=True)
    return code


def _future(statement: ast.stmt) -> int:
    """The compiler flags that a `from __future__` import switches on for what comes after it."""
    if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
        return 0
    flags = 0
    for name in statement.names:
        feature = getattr(__future__, name.name, None)
        flags |= getattr(feature, "compiler_flag", 0)
    return flags


def heading(source: bytes, line: int | None) -> int | None:
    """The line of the `def` or `class` itself, where `line` is that of its first decorator."""
    if line is None:
        return None
    lines = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not lines[line - 1 : line] or not lines[line - 1].lstrip().startswith(b"@"):
        return line
    for number in range(line + 1, min(line + _DECORATION, len(lines)) + 1):
        if lines[number - 1].lstrip().startswith((b"def ", b"class ", b"async ")):
            return number
    return line


def _decode(source: bytes) -> None:
    """Raises a SyntaxError for bytes that are not in the encoding that the file declares.

    Nor may that be one in which code looks like something else, to people and to whoever shows it;
    an upload of such a file is not taken either (app/uploads.py).
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    if not _ENCODINGS.fullmatch(codecs.lookup(encoding).name):
        message = f"its encoding {encoding} does not show what is written; save it as UTF-8"
        raise SyntaxError(message, (FILENAME, None, None, None))
    try:
        source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"it is not encoded as {encoding}; save it as UTF-8"
        raise SyntaxError(message, (FILENAME, line, None, None)) from None


def _told(
    error: Exception, message: str | None, line: int | None, offset: int | None
) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "message": (message or "")[:300],
        "line": line or None,
        "offset": offset or None,
    }


def _dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text; getattr with a literal name counts as an attribute."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{before}.{attr}" if (before := _dotted(value)) else None
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]):
            return f"{before}.{attr}" if (before := _dotted(value)) else None
    return None


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Names that imports and plain assignments anywhere in the file give to something dotted."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for one in names:
                    aliases[one.asname or one.name.split(".")[0]] = (
                        one.name if one.asname else one.name.split(".")[0]
                    )
            case ast.ImportFrom(module=str(module), names=names):
                for one in names:
                    aliases[one.asname or one.name] = f"{module}.{one.name}"
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if path := _dotted(value):
                if path.split(".")[0] != name:
                    aliases.setdefault(name, path)
    return aliases


def _resolved(path: str, aliases: dict[str, str]) -> str:
    for _ in range(8):
        first, _dot, rest = path.partition(".")
        if first not in aliases:
            break
        path = aliases[first] + (f".{rest}" if rest else "")
    return path


def _is_autograd(path: str, called: bool, classes: Iterable[str]) -> bool:
    """Whether a dotted path means, inside of a Function, that autograd is at work."""
    first, _, last = path.rpartition(".")
    if path.startswith(_ROOTS):
        return last not in _MODES and not _HARMLESS & set(path.split("."))
    if last in _METHODS or (path.startswith("torch.ops.") and "_backward" in last):
        return bool(first)
    # `Product.backward(ctx, g)` and `super().backward(g)` call a method of the file's own.
    theirs = {"cls", "self", "ctx", "super", *classes}
    return called and last == "backward" and bool(first) and first.split(".")[-1] not in theirs


class _Scope(ast.NodeVisitor):
    """What one function or method mentions: findings, and names that it may call."""

    def __init__(self, name: str, aliases: dict[str, str], classes: frozenset[str]):
        self.name, self._aliases, self._classes = name, aliases, classes
        self.found: list[tuple[int, str]] = []
        self.mentions: set[str] = set()
        self._called: set[int] = set()

    def visit_Call(self, node: ast.Call) -> None:
        self._called.add(id(node.func))
        if path := _dotted(node):
            self._look(node, path)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        path = _dotted(node)
        if path:
            self._look(node, path)
        else:
            is_super = isinstance(node.value, ast.Call) and _dotted(node.value.func) == "super"
            self._look(node, f"{'super' if is_super else 'value'}.{node.attr}")
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._look(node, node.id)

    def _look(self, node: ast.expr, path: str) -> None:
        self.mentions.add(path)
        path = _resolved(path, self._aliases)
        self.mentions.add(path)
        if _is_autograd(path, id(node) in self._called, self._classes):
            self.found.append((node.lineno, path))


def _is_function(node: ast.ClassDef, own: set[str], aliases: dict[str, str]) -> bool:
    bases = [_resolved(_dotted(base) or "", aliases) for base in node.bases]
    return any(base.split(".")[-1] == "Function" or base in own for base in bases)


def _functions(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Functions, and whatever else a name is given to: `pull = torch.jit.trace(...)`."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node


def _scopes(tree: ast.Module) -> tuple[dict[str, _Scope], list[str]]:
    """All functions and methods by name, and the names of those that are Functions' methods."""
    aliases = _aliases(tree)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names = frozenset(node.name for node in classes)
    own: set[str] = set()
    for node in classes:
        if _is_function(node, own, aliases):
            own.add(node.name)
    scopes: dict[str, _Scope] = {}
    roots = []
    parts = [(name, node) for name, node in _functions(tree.body)]
    for node in classes:
        methods = [(f"{node.name}.{name}", method) for name, method in _functions(node.body)]
        parts += methods
        roots += [name for name, _ in methods if node.name in own]
    for name, part in parts:
        scopes[name] = scope = _Scope(name, aliases, names)
        scope.generic_visit(part)
    return scopes, roots


def _reached(root: str, scopes: dict[str, _Scope]) -> list[_Scope]:
    """The scopes that a method's own run may enter."""
    owner = root.split(".")[0]
    waiting, seen = [root], dict.fromkeys([root])
    while waiting:
        for mention in scopes[waiting.pop()].mentions:
            first, _, last = mention.rpartition(".")
            for name in (mention, f"{owner}.{last}" if first in ("self", "cls", "ctx") else ""):
                for target in (name, f"{name}.__init__", f"{name}.__call__"):
                    if target in scopes and target not in seen:
                        seen[target] = None
                        waiting.append(target)
    return [scopes[name] for name in seen]


def look(tree: ast.Module, text: bytes) -> list[dict[str, Any]]:
    """Where something of autograd stands in reach of the methods of the file's Functions.

    Each stands under the method it is in reach of, at its own line. This gives a message its line,
    and decides nothing: whether it runs, and with what, is seen when it does. Most files mention
    nothing of the kind, and are not looked at further.
    """
    if not _TELLING.search(_USUAL.sub(b"", text)):
        return []
    scopes, roots = _scopes(tree)
    findings: dict[tuple[str, int], dict[str, Any]] = {}
    for root in roots:
        for scope in _reached(root, scopes):
            for line, detail in scope.found:
                finding = {"line": line, "scope": root, "detail": detail[:100]}
                findings.setdefault((root, line), finding)
    return list(findings.values())[:_FINDINGS]
