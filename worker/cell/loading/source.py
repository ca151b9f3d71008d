"""Owns reading the file: parsing it, and finding where a definition in it begins."""

from __future__ import annotations
import __future__

import ast
import codecs
import io
import re
import tokenize
import types
import warnings
from typing import Any, NamedTuple

from . import habits

Passed = list[dict[str, Any]]
"""A `line` that was passed over, and `what` it is, as `habits.Mended` has it."""


class Parsed(NamedTuple):
    """A file's tree, the code of each top-level statement, and the compiler flags on at its end."""

    tree: ast.Module
    codes: list[types.CodeType]
    flags: int


FILENAME = "submission.py"
_compile = compile
_ENCODINGS = re.compile(
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z]+|gb(2312|k|18030)|big5(hkscs)?|"
    r"(shift_jis|euc_jp)(_2004|x0213)?|euc_jis_2004|euc_jisx0213|euc_kr|johab"
)
_ACROSS = re.compile(rb"__future__|\bglobal\b")
"""What of a statement can be wrong because of another one at the top level."""
_DECORATION = 20
"""Lines that decorators of one definition may take; further down it is not looked for."""
_MAGIC = re.compile(r"time|timeit|capture|prun")
"""Magics of a notebook's cell whose body is Python."""
_LETTERS = 8_000_000
"""Letters that are read anew in all, while one line after the other is passed over."""


def parse(source: bytes) -> tuple[Parsed | None, Passed, dict[str, Any] | None]:
    """The file and what was passed over in it, or what Python says against it: type, message, line,
    column, and the version of Python that would have understood it, if it is a newer one."""
    passed: Passed = []
    try:
        text = _decoded(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _tree(source, text, passed)
            codes, flags = _codes(tree, text, passed)
            if _ACROSS.search(source):
                compile(tree, FILENAME, "exec", dont_inherit=True)
    except SyntaxError as error:
        newer = habits.newer_python(source.decode("utf-8", "replace"), error)
        return None, passed, _described(error, error.msg, error.lineno, error.offset, newer)
    except (RecursionError, MemoryError) as error:
        message = "it is too long or too deeply nested"
        return None, passed, _described(error, message, None, None)
    except (ValueError, LookupError) as error:
        return None, passed, _described(error, str(error), None, None)
    return Parsed(tree, codes, flags), passed, None


def _tree(source: bytes, text: str, passed: Passed) -> ast.Module:
    """The file as Python reads it, without what is a habit and no Python. Raises SyntaxError."""
    try:
        tree = ast.parse(source, FILENAME)
    except SyntaxError as error:
        tree = _forgiving(text.replace("\r\n", "\n").replace("\r", "\n"), error, passed)
    for at, statement in reversed([*enumerate(tree.body)]):
        if (body := _body_of_magic(statement)) is not None:
            inner = _forgiving(body, None, [])
            for node in ast.walk(inner):
                if hasattr(node, "lineno"):
                    node.lineno = node.end_lineno = statement.lineno  # type: ignore[attr-defined]
            tree.body[at : at + 1] = inner.body
            passed.append({"line": statement.lineno, "what": "command"})
    return tree


def _codes(tree: ast.Module, text: str, passed: Passed) -> tuple[list[types.CodeType], int]:
    """The code of each top-level statement, and the compiler flags on at the end. What only a
    notebook can run is taken out of the tree. Raises SyntaxError."""
    codes, kept, flags = [], [], 0
    for statement in tree.body:
        flags |= _future(statement)
        try:
            codes.append(compiled(statement, flags))
        except SyntaxError as error:
            what = habits.only_in_notebooks(text, error)
            if not what:
                raise
            passed.append({"line": statement.lineno, "what": what})
        else:
            kept.append(statement)
    tree.body = kept
    return codes, flags


def _forgiving(text: str, error: SyntaxError | None, passed: Passed) -> ast.Module:
    for _ in range(min(habits.MOST, _LETTERS // (1 + len(text)))):
        mended = None if error is None else habits.mended(text, error)
        if error is not None and mended is None:
            raise error
        if mended is not None:
            text = mended.text
            passed.append({"line": mended.line, "what": mended.what})
        try:
            return ast.parse(text, FILENAME)
        except SyntaxError as found:
            error = found
    raise error or SyntaxError("it is too long")


def _body_of_magic(statement: ast.stmt) -> str | None:
    """The Python in `get_ipython().run_cell_magic("time", "", ...)`, which stands for `%%time`."""
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name(id="get_ipython")), attr="run_cell_magic"
                ),
                args=[ast.Constant(value=str(name)), _, ast.Constant(value=str(body))],
            )
        ) if _MAGIC.fullmatch(name):
            return body
    return None


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


def _decoded(source: bytes) -> str:
    """The file as text. Raises a SyntaxError for bytes not in the encoding that it declares.

    Nor may that be one in which code looks like something else, to people and to whoever shows it;
    an upload of such a file is not taken either (app/grading/uploads.py).
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    if not _ENCODINGS.fullmatch(codecs.lookup(encoding).name):
        message = f"its encoding {encoding} does not show what is written; save it as UTF-8"
        raise SyntaxError(message, (FILENAME, None, None, None))
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"it is not encoded as {encoding}; save it as UTF-8"
        raise SyntaxError(message, (FILENAME, line, None, None)) from None


def _described(
    error: Exception, message: str | None, line: int | None, offset: int | None, newer: str = ""
) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "message": (message or "")[:300],
        "line": line or None,
        "offset": offset or None,
        "newer": newer,
    }
