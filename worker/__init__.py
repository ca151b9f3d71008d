"""Grades submissions: takes them from the queue, runs them in cells, judges what cells say.

One thread a process, said before torch is imported: what torch starts on several threads of a
parent makes its forked children hang.
"""

import os

for _library in ("OMP", "MKL", "OPENBLAS"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
