"""Owns the sign and the size of each number of a probe: by plan, so that luck hides no mistake.

In four elements after one another, each sign of an input meets each sign of the upstream gradient;
in eight it does so for each sign of a second input, in sixteen of a third one. One sign leads: the
largest number has it, so that the sum of a tensor has it too, however many numbers there are.
Either sign has numbers of different sizes.
"""

from __future__ import annotations

from collections.abc import Iterator

LOW, MIDDLE, HIGH = range(3)
"""Sizes: a high and a low one are more than a low and a middle one."""
Planned = tuple[int, int]
"""The sign, and the size."""

_BLOCK = 4
_INPUTS = ((1, 1, -1, -1), (1, -1, -1, 1))
_UPSTREAM = (-1, 1, -1, 1)
"""Any two of these rows have all four pairs of signs, also when all are rotated."""
_FEW = {"input": (1, -1, 1), "upstream": (-1, 1, 1)}
_REST = {"input": (1, -1, 1), "upstream": (-1, 1, -1)}
"""For tensors too small for a block, and for what is left over after the last block."""
_SIZES = ([HIGH, LOW], [LOW, MIDDLE]), ([HIGH, HIGH], [LOW, LOW])
"""Of the numbers that have the leading sign, and of the others, in turn: no two blocks beside each
other have the same sum."""


def planned(kind: str, size: int, at: int, turn: int) -> Iterator[Planned]:
    """A sign and a size for each of `size` numbers of an "input", or of an "upstream" gradient.

    The input is the one numbered `at`. Each call of each probe has its own `turn`: whoever keeps
    the signs of one is wrong in the next.
    """
    flip = -1 if kind == "upstream" and turn % 2 else 1
    leading = flip * (1 if kind == "input" else -1)
    blocks, left = divmod(size, _BLOCK)
    for number in range(blocks):
        signs = [flip * one for one in _block(kind, at, turn, number)]
        yield from _sized(signs, leading, _SIZES[number % 2])
    rest = _REST if blocks else _FEW
    yield from _sized([flip * one for one in rest[kind][:left]], leading, _SIZES[0])


def _block(kind: str, at: int, turn: int, number: int) -> list[int]:
    """The signs in one block; those of the upstream gradient, and of all inputs but two, change
    from block to block, so that they meet all that the others can be."""
    if kind == "upstream":
        base, changed = _UPSTREAM, number % 2
    else:
        base, changed = _INPUTS[at % 2], at >= 2 and 1 - (number >> (at - 1)) % 2
    shift = turn % _BLOCK
    return [-one if changed else one for one in (*base[shift:], *base[:shift])]


def _sized(signs: list[int], leading: int, sizes: tuple[list[int], list[int]]) -> Iterator[Planned]:
    left = {leading: iter(sizes[0]), -leading: iter(sizes[1])}
    for sign in signs:
        yield sign, next(left[sign])
