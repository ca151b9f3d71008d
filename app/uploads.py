"""Owns a file as it comes in: whether any grader could make something of it, what it is called."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from dataclasses import dataclass

from app.errors import TooLarge, Unprocessable
from app.settings import settings

MAX_FILENAME = 120
_ENCODINGS = re.compile(r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]")
"""What source is written in. Others can cost seconds to decode (punycode), or decode no text."""


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    filename: str
    content: bytes

    @property
    def name(self) -> str:
        """Its name without folders, short, and fit to be shown."""
        name = self.filename.replace("\\", "/").rsplit("/", 1)[-1]
        name = "".join(letter for letter in name if letter.isprintable()).strip()
        return name[-MAX_FILENAME:] or "submission.py"

    def check(self) -> None:
        """Raise TooLarge or Unprocessable where no grader could make anything of it."""
        limit = settings().upload_limit_bytes
        if len(self.content) > limit:
            raise TooLarge(
                f"The file is larger than {limit // 1024} kB, so it was not taken. "
                "Hand in one Python file with your Function classes, without data."
            )
        if not self.content.removeprefix(codecs.BOM_UTF8).strip():
            raise Unprocessable(
                "The file is empty, so it was not taken. Was it saved before the upload?",
                errors={"file": "empty"},
            )
        if self._is_notebook():
            raise Unprocessable(
                "This is a notebook, so it was not taken. Export it as a Python script (in "
                "Jupyter: File, Save and Export Notebook As, Executable Script) and hand that in.",
                errors={"file": "a notebook"},
            )
        if b"\0" in self.content or self.content.startswith(b"\x89PNG"):
            raise Unprocessable(
                "This is not a text file, so it was not taken. "
                "Hand in the Python source (.py), not an image, notebook archive or compiled file.",
                errors={"file": "not text"},
            )
        try:
            decoded(self.content)
        except (SyntaxError, LookupError, UnicodeError) as error:
            raise Unprocessable(
                f"{_undecodable(self.content, error)}, so the file was not taken. "
                "Save it as UTF-8 in your editor and hand it in again.",
                errors={"file": "not UTF-8"},
            ) from None

    def _is_notebook(self) -> bool:
        looks = self.content.lstrip().startswith(b"{") and b'"nbformat"' in self.content
        return looks or self.name.lower().endswith(".ipynb")


def several() -> Unprocessable:
    """What to raise where more than one file came."""
    return Unprocessable(
        "There was more than one file, so none was taken. Put all exercises into one Python file.",
        errors={"file": "more than one"},
    )


def decoded(content: bytes) -> str:
    """Python source as text, in the encoding that it declares or else UTF-8.

    Raises SyntaxError or LookupError for an encoding that is not taken, UnicodeError.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    if not _ENCODINGS.fullmatch(codecs.lookup(encoding).name):
        raise LookupError(encoding)
    return content.decode(encoding)


def _undecodable(content: bytes, error: Exception) -> str:
    """What Python cannot read, as the beginning of a sentence."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return f"Line {line} has a letter that is not encoded as UTF-8"
    return f"The encoding that its first lines declare cannot be used ({error})"
