"""Owns a file as it comes in: whether any grader could make something of it, what it is called."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from dataclasses import dataclass

from app.errors import TooLarge, Unprocessable
from app.grading import notebooks
from app.settings import settings

MAX_FILENAME = 120
_ENCODINGS = re.compile(
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z]+|gb(2312|k|18030)|big5(hkscs)?|"
    r"(shift_jis|euc_jp)(_2004|x0213)?|euc_jis_2004|euc_jisx0213|euc_kr|johab"
)
"""What source is written in. Others can cost seconds to decode (punycode), or decode no text."""
_WIDE = {
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,  # with which a mark of UTF-32 begins, too
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"PK\x03\x04": "a ZIP archive",
    b"PK\x05\x06": "a ZIP archive",
    b"%PDF-": "a PDF document",
    b"\x7fELF": "a compiled file",
    b"\x1f\x8b": "a gzip archive",
}
"""How binary files begin that need not have a NUL byte in them."""


@dataclass(frozen=True)
class Unreadable:
    """Why no grader could make anything of a file, and what to do, wherever it came from."""

    what: str
    remedy: str
    error: str
    it: str = "it"

    def says(self, outcome: str) -> str:
        """All of it in words, where `outcome` is what came of the file: "was not taken"."""
        return f"{self.what}, so {self.it} {outcome}. {self.remedy}"


_TOO_LARGE = "too large"


def too_large() -> str:
    """What to say of a request that is larger than any file may be."""
    kb, mb = settings().upload_limit_bytes // 1024, settings().notebook_limit_bytes // 1_048_576
    return (
        f"That is more than the {kb} kB that a file may have, or the {mb} MB of a notebook with "
        "its outputs, so it was not taken. One Python file with your Function classes, without "
        "data, is enough."
    )


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

    def parts(self) -> tuple[bytes, bytes]:
        """All that there is of it, for a digest."""
        return self.filename.encode(errors="surrogatepass"), self.content

    def require_readable(self) -> None:
        """Raise TooLarge or Unprocessable where no grader could make anything of it."""
        if why := self.why_unreadable():
            said = why.says("was not taken")
            if why.error == _TOO_LARGE:
                raise TooLarge(said)
            raise Unprocessable(said, errors={"file": why.error})

    def why_unreadable(self) -> Unreadable | None:
        """Why no grader could make anything of it; None where one could."""
        limit = settings().upload_limit_bytes
        if len(self.content) > limit:
            return Unreadable(
                f"The file is larger than {limit // 1024} kB",
                "One Python file with your Function classes, without data, is enough.",
                _TOO_LARGE,
            )
        if not self.content.removeprefix(codecs.BOM_UTF8).strip():
            return Unreadable("The file is empty", "Was it saved in your editor?", "empty")
        if wide := _wide(self.content):
            return Unreadable(
                f"The file is saved as {wide}, which Python cannot read",
                "Save it as UTF-8 in your editor and try again.",
                "not UTF-8",
            )
        return self._binary() or self._undecodable()

    def _binary(self) -> Unreadable | None:
        kinds = (kind for magic, kind in _MAGIC.items() if self.content.startswith(magic))
        kind = next(kinds, None)
        if kind is None and b"\0" not in self.content:
            return None
        return Unreadable(
            f"This is {kind}, not a text file" if kind else "This is not a text file",
            "Use the Python source (.py), not an image, an archive or a compiled file.",
            "not text",
        )

    def _undecodable(self) -> Unreadable | None:
        try:
            decoded(self.content)
        except (SyntaxError, LookupError, UnicodeError) as error:
            return Unreadable(
                _what_cannot_be_decoded(self.content, error),
                "Save it as UTF-8 in your editor and try again.",
                "not UTF-8",
                it="the file",
            )
        return None


def received(filename: str, content: bytes) -> Upload:
    """A file as it came in, a notebook as the Python in it. Raises TooLarge, Unprocessable."""
    if notebooks.is_one(filename, content):
        content = notebooks.as_python(content)
    return Upload(filename, content)


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


def _wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32, where the file is text in it: by its mark, or as mostly ASCII."""
    for encoding, mark in _WIDE.items():
        if content.startswith(mark):
            return encoding[:6].upper()
    if b"\0" not in content:
        return None
    for encoding in _WIDE:
        text = content.decode(encoding, errors="replace")
        if "\0" not in text and 2 * sum(map(str.isascii, text)) > len(text):
            return encoding[:6].upper()
    return None


def _what_cannot_be_decoded(content: bytes, error: Exception) -> str:
    """What Python cannot read, as the beginning of a sentence."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return f"Line {line} has a letter that is not encoded as UTF-8"
    return f"The encoding that its first lines declare cannot be used ({error})"
