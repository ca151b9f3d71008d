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
from typing import Any

Parsed = tuple[ast.Module, list[types.CodeType], int]
"""A file's tree, the code of each top-level statement, and the compiler flags on at its end."""

FILENAME = "submission.py"
_compile = compile
_ENCODINGS = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]")
_ACROSS = re.compile(rb"__future__|\bglobal\b")
"""What of a statement can be wrong because of another one at the top level."""
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
        return None, _described(error, error.msg, error.lineno, error.offset)
    except (RecursionError, MemoryError) as error:
        return None, _described(error, "it is too long or too deeply nested", None, None)
    except (ValueError, LookupError) as error:
        return None, _described(error, str(error), None, None)
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
    an upload of such a file is not taken either (app/grading/uploads.py).
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


def _described(
    error: Exception, message: str | None, line: int | None, offset: int | None
) -> dict[str, Any]:
    return {
        "type": type(error).__name__,
        "message": (message or "")[:300],
        "line": line or None,
        "offset": offset or None,
    }
