"""Reads and writes memory around an array, until there is none.

Group: hostile tensors
Ending: crashed
"""
import numpy

window = numpy.lib.stride_tricks.as_strided(numpy.ones(1, dtype=numpy.uint8), (1 << 44,), (1 << 12,))
window[:] = 0
