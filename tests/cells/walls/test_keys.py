"""A file can read all memory of its own process, and finds no key there."""

from __future__ import annotations

import ctypes

from worker.cell import protocol


def test_what_seals_frames_holds_nothing_of_the_key_in_its_memory() -> None:
    key = bytes(range(100, 100 + protocol.KEY_BYTES))
    state = protocol.keyed(key)
    held = ctypes.string_at(id(state), state.__sizeof__())
    assert not any(key[at : at + 4] in held for at in range(len(key) - 3))
