"""Owns the traces that whoever wrote a file left in it: words, names, lines, and how it is built.

Files are read as text and never parsed: a student's file is compiled in a cell alone.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from enum import StrEnum
from threading import Lock
from typing import NamedTuple
from zlib import crc32


class Kind(StrEnum):
    """What a trace is: the less an exercise forces it on everybody, the more it says."""

    WORDS = "words"
    LINE = "line"
    NAME = "name"
    SHAPE = "shape"
    PASSAGE = "passage"


class Trace(NamedTuple):
    """One trace: its mark, which is the same wherever it stands, and the line where it begins."""

    mark: int
    line: int

    @property
    def kind(self) -> Kind:
        """What it is."""
        return kind_of(self.mark)


_KINDS = tuple(Kind)
_KIND_BITS = 3


def kind_of(mark: int) -> Kind:
    """What kind of trace bears this mark."""
    return _KINDS[mark & (1 << _KIND_BITS) - 1]


LONGEST = 60_000
_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<text>(?:[rbfuRBFU]{1,2})?(?:'''[\s\S]*?'''|\"\"\"[\s\S]*?\"\"\""
    r"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"))"
    r"|(?P<name>[^\W\d]\w*)|(?P<other>\d[\w.]*|\S)"
)
_KEPT = frozenset(keyword.kwlist) | {
    *("ctx", "self", "forward", "backward", "apply", "staticmethod", "save_for_backward"),
    *("saved_tensors", "needs_input_grad", "torch", "Function", "Tensor", "autograd"),
}
"""Names that everybody has to write; others are one and the same in a shape."""
_GRAM, _WINDOW = 14, 8
_PASSAGE = 5
_SHORTEST_LINE, _SHORTEST_NAME, _SHORTEST_WORDS = 18, 4, 12


def traces(text: str) -> Iterator[Trace]:
    """Every trace in a source."""
    text = text[:LONGEST]
    code: list[tuple[str, str, int]] = []
    line, last = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", last, found.start())
        last, kind, said = found.start(), found.lastgroup or "", found.group()
        if kind in ("comment", "text"):
            yield from _words(said, line)
        if kind != "comment":
            code.append(("text" if kind == "text" else kind, said, line))
    yield from _names(code)
    yield from _lines(code)
    yield from _shapes(code)


_known: dict[str, array[int]] = {}
_MOST_KNOWN = 4_000
_turn = Lock()


def marks(sha256: str, text: str) -> Sequence[int]:
    """The marks of a file, each once; those of files that were asked for lately are kept."""
    found = _known.get(sha256)
    if found is None:
        found = array("Q", {one.mark for one in traces(text)})
    with _turn:
        _known.pop(sha256, None)
        _known[sha256] = found  # the last one in is the last to go
        while len(_known) > _MOST_KNOWN:
            del _known[next(iter(_known))]
    return found


def _trace(kind: Kind, said: str, line: int) -> Trace:
    digest = hashlib.blake2b(said.encode(errors="replace"), digest_size=7).digest()
    return Trace(int.from_bytes(digest, "big") << _KIND_BITS | _KINDS.index(kind), line)


def _words(said: str, line: int) -> Iterator[Trace]:
    """What somebody says in comments and texts, line by line, whatever its case and marks."""
    for more, part in enumerate(said.split("\n")):
        words = " ".join(re.findall(r"[^\W\d_]+", part.lower()))
        if len(words) >= _SHORTEST_WORDS:
            yield _trace(Kind.WORDS, words, line + more)


def _names(code: Sequence[tuple[str, str, int]]) -> Iterator[Trace]:
    for kind, said, line in code:
        if kind == "name" and len(said) >= _SHORTEST_NAME and said not in _KEPT:
            yield _trace(Kind.NAME, said, line)


def _lines(code: Sequence[tuple[str, str, int]]) -> Iterator[Trace]:
    """Lines of code, and several in a row, whatever the space in them."""
    by_line: dict[int, list[str]] = {}
    for _, said, line in code:
        by_line.setdefault(line, []).append(said)
    joined = [(line, " ".join(tokens)) for line, tokens in by_line.items()]
    for line, said in joined:
        if len(said) >= _SHORTEST_LINE:
            yield _trace(Kind.LINE, said, line)
    for place in range(len(joined) - _PASSAGE + 1):
        run = joined[place : place + _PASSAGE]
        yield _trace(Kind.PASSAGE, "\n".join(said for _, said in run), run[0][0])


def _shapes(code: Sequence[tuple[str, str, int]]) -> Iterator[Trace]:
    """Runs of code in which all chosen names are alike, thinned out by winnowing.

    Of each window the least checksum is taken, so that equal passages give equal traces
    wherever they stand (Schleimer, Wilkerson and Aiken, 2003).
    """
    plain = [("v" if kind == "name" and said not in _KEPT else said) for kind, said, _ in code]
    window: deque[tuple[int, int]] = deque(maxlen=_WINDOW)
    chosen = -1
    for place in range(len(plain) - _GRAM + 1):
        window.append(
            (crc32(" ".join(plain[place : place + _GRAM]).encode("utf-8", "replace")), place)
        )
        least = min(window)[1]
        if len(window) == _WINDOW and least != chosen:
            chosen = least
            yield _trace(Kind.SHAPE, " ".join(plain[least : least + _GRAM]), code[least][2])
