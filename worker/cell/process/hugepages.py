"""Owns how a warm process lies in memory: out of the collector's sight, and in large pages.

A fork copies an entry of the page table for each 4 kB, and the end of a child gives each of them
back; a large page of 2 MB is one entry. A child that writes still copies no more than 4 kB.
"""

from __future__ import annotations

import ctypes
import gc

_COLLAPSE = 25  # MADV_COLLAPSE, since Linux 6.1; where it is refused, nothing changes
_LARGE = 2 << 20

_libc = ctypes.PyDLL(None, use_errno=True)
_libc.sbrk.restype = ctypes.c_void_p


def settle() -> None:
    """Has what is here now stay where it is: no collection in a child goes over it, so no page is
    copied for one, and `gc.get_objects` gives a file nothing of it."""
    gc.collect()
    gather()
    gc.freeze()
    gc.enable()


def gather() -> int:
    """Put what this process holds into large pages where the kernel can; how many there are.

    Without /proc nothing tells what is mapped where, so the search goes on from known places, as
    far as there is memory: from Python's objects, and from the end of the heap.
    """
    heap_end = int(_libc.sbrk(0) or 0)
    places = {id(one) // _LARGE for one in gc.get_objects()} | {heap_end // _LARGE - 1}
    done: set[int] = set()
    for place in places:
        _spread(done, place, 1)
        _spread(done, place - 1, -1)
    return len(done)


def _spread(done: set[int], number: int, step: int) -> None:
    while number not in done and _collapsed(number):
        done.add(number)
        number += step


def _collapsed(number: int) -> bool:
    start, length = ctypes.c_void_p(number * _LARGE), ctypes.c_size_t(_LARGE)
    return int(_libc.madvise(start, length, _COLLAPSE)) == 0
