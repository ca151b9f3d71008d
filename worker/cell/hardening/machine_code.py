"""Owns overwriting the beginning of functions of a loaded library, on x86-64.

What is written is private to this process and to those that it forks.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_READ, _WRITE, _EXECUTE = 1, 2, 4
_PAGE = mmap.PAGESIZE
_DYNAMIC_SYMBOLS, _FUNCTION = 11, 2

_libc = ctypes.PyDLL(None, use_errno=True)


class Refused(Exception):
    """This host does not let a process change a library's code, or it is of another kind."""


def library(path: Path) -> ctypes.CDLL:
    """A library that is loaded already. Raises Refused when it is not there."""
    try:
        return ctypes.CDLL(str(path), mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except OSError as error:
        raise Refused(f"{path.name} is not loaded") from error


def address(of: ctypes.CDLL, symbol: str) -> int:
    """Where an exported function begins. Raises Refused when there is none of that name."""
    try:
        return int(ctypes.cast(getattr(of, symbol), ctypes.c_void_p).value or 0)
    except AttributeError as error:
        raise Refused(f"torch has no function {symbol} any more") from error


def functions(of: Path, part: bytes, beginnings: tuple[bytes, ...]) -> list[str]:
    """The names of a library's exported functions that have `part` and one of these beginnings.

    The file is an ELF of 64 bits: its sections and symbols are laid out as elf(5) says.
    """
    with of.open("rb") as file:
        head = file.read(64)
        (table,) = struct.unpack_from("<Q", head, 40)
        size, count = struct.unpack_from("<HH", head, 58)
        file.seek(table)
        rows = file.read(size * count)
        sections = [struct.unpack_from("<IIQQQQIIQQ", rows, at * size) for at in range(count)]
        symbols = next(one for one in sections if one[1] == _DYNAMIC_SYMBOLS)
        names, entries = (_section(file, one) for one in (sections[symbols[6]], symbols))
    wanted = {}
    at = names.find(part)
    while at >= 0:
        first, last = names.rfind(b"\0", 0, at) + 1, names.find(b"\0", at)
        if names.startswith(beginnings, first):
            wanted[first] = names[first:last].decode()
        at = names.find(part, last)
    return sorted(
        wanted[name]
        for name, info, _, section, _, _ in struct.iter_unpack("<IBBHQQ", entries)
        if name in wanted and info & 15 == _FUNCTION and section
    )


def _section(file: BinaryIO, header: Sequence[int]) -> bytes:
    file.seek(header[4])
    return file.read(header[5])


class Thrower:
    """A piece of machine code that counts how often it was reached, and calls `fail`.

    `fail(function, file, line, message)` is a C function of three strings and an unsigned number,
    as the System V ABI passes them, that throws a C++ exception.
    """

    def __init__(self, fail: int, message: str) -> None:
        """Raises Refused where no memory may become executable."""
        private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        self._memory = mmap.mmap(
            -1, 2 * _PAGE, flags=private, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
        self._view = (ctypes.c_char * len(self._memory)).from_buffer(self._memory)
        start = ctypes.addressof(self._view)
        self.at = start + _PAGE
        text = message.encode() + b"\0"
        self._memory[8 : 8 + len(text)] = text
        empty = start + 8 + len(text) - 1
        code = b"".join(
            (
                b"\x48\xb8" + struct.pack("<Q", start),  # mov rax, the counter
                b"\xf0\x48\xff\x00",  # lock inc qword [rax]
                b"\x48\xbf" + struct.pack("<Q", empty),  # mov rdi, the function's name
                b"\x48\xbe" + struct.pack("<Q", empty),  # mov rsi, the file's name
                b"\x31\xd2",  # xor edx, edx: the line
                b"\x48\xb9" + struct.pack("<Q", start + 8),  # mov rcx, the message
                b"\x48\xb8" + struct.pack("<Q", fail),  # mov rax, fail
                b"\xff\xe0",  # jmp rax
            )
        )
        self._memory[_PAGE : _PAGE + len(code)] = code
        _protect(self.at, _PAGE, _READ | _EXECUTE)

    def counter(self) -> memoryview:
        """A view of the eight bytes that count, in the machine's order."""
        return memoryview(self._memory)[:8].cast("Q")


def jump(to: int) -> bytes:
    """The machine code that goes on at an address."""
    return b"\x49\xbb" + struct.pack("<Q", to) + b"\x41\xff\xe3"  # mov r11, to; jmp r11


RETURN_FALSE = b"\x31\xc0\xc3"
"""The machine code of a function that returns false: xor eax, eax; ret."""


def overwrite(places: Mapping[int, bytes]) -> None:
    """Puts machine code at the beginning of functions. Raises Refused, and changes nothing then.

    All pages are made writable before the first byte is written.
    """
    machine = os.uname().machine
    if machine != "x86_64":
        raise Refused(f"machine code for {machine} is not written yet")
    ends = ((at, at + len(code) - 1) for at, code in places.items())
    pages = sorted({byte // _PAGE for end in ends for byte in end})
    try:
        for page in pages:
            _protect(page * _PAGE, _PAGE, _READ | _WRITE)
        for at, code in places.items():
            ctypes.memmove(at, code, len(code))
    finally:
        for page in pages:
            _protect(page * _PAGE, _PAGE, _READ | _EXECUTE)


def _protect(start: int, length: int, rights: int) -> None:
    if _libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(length), rights) != 0:
        why = os.strerror(ctypes.get_errno())
        raise Refused(f"the host does not let a process change its own code ({why})")
