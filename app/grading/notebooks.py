"""Owns notebooks as they come in: their code becomes one Python file, all else is left behind."""

from __future__ import annotations

from typing import Any

from app.errors import TooLarge, Unprocessable
from app.settings import settings
from graders.model.places import joined

_FOREIGN = frozenset(
    {"bash", "html", "javascript", "js", "latex", "markdown", "perl", "ruby", "sh", "svg"}
    | {"cmd", "file", "script", "system", "sx", "writefile", "cython", "R", "!"}
)
"""Magics of a cell in which no Python of this file stands."""
_WRITTEN = frozenset({"file", "writefile"})
"""Those that put the rest of their cell into a file; where that is Python, it is meant as such."""


def is_one(filename: str, content: bytes) -> bool:
    """Whether a file is a notebook, by its name or by what is in it."""
    looks = content.lstrip().startswith(b"{") and b'"nbformat"' in content
    return looks or filename.lower().endswith(".ipynb")


def as_python(content: bytes) -> bytes:
    """The code of a notebook, each cell with its number. Raises TooLarge, Unprocessable."""
    limit = settings().notebook_limit_bytes
    if len(content) > limit:
        raise TooLarge(
            f"The notebook is larger than {limit // 1_048_576} MB with its outputs, so it was not "
            "taken. Clear all outputs in it and try again."
        )
    language, cells = _read(content)
    if language not in ("", "python"):
        raise Unprocessable(
            f"This notebook is written in {language}, so it was not taken. Only Python is graded.",
            errors={"file": "not Python"},
        )
    code = [(number, text) for number, text in cells if text.strip()]
    if not code:
        raise Unprocessable(
            "The notebook has no code in it, so it was not taken. Was it saved in your browser?",
            errors={"file": "empty"},
        )
    return joined((number, _python(text)) for number, text in code).encode(errors="replace")


def _read(content: bytes) -> tuple[str, list[tuple[int, str]]]:
    """The language of a notebook, and its cells of code with their numbers among all cells."""
    import nbformat  # half a second, for whoever sends the first one

    form: Any = nbformat
    try:
        notebook = form.convert(form.reader.reads(content.decode("utf-8-sig")), 4)
        language = str(notebook.metadata.get("kernelspec", {}).get("language", "")).lower()
        cells = [
            (number, str(cell.source).replace("\r\n", "\n").replace("\r", "\n"))
            for number, cell in enumerate(notebook.cells, 1)
            if cell.cell_type == "code"
        ]
    except Exception as error:  # whatever there is in it, it is no notebook then
        raise Unprocessable(
            "This is no notebook that can be read, so it was not taken. Save it in Jupyter or "
            "Colab and try again, or export it as a Python script.",
            errors={"file": "not a notebook"},
        ) from error
    return language, cells


def _python(text: str) -> str:
    """A cell's source from the left edge, as a notebook reads it; of one in another language, its
    lines as comments."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    lines = [line.removeprefix(indent) for line in lines]
    head = first.split()
    magic = head[0].removeprefix("%%") if head and head[0].startswith("%%") else ""
    if magic in _WRITTEN and head[-1].endswith(".py"):
        at = lines.index(first.removeprefix(indent))
        lines[at] = f"# {lines[at]}"
    elif magic in _FOREIGN:
        lines = [f"# {line}" for line in lines]
    return "\n".join(lines)
