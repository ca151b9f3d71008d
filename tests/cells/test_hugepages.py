"""Gathering a warm process into large pages changes where it lies, and nothing that it holds."""

from __future__ import annotations

import subprocess
import sys

_HOLDS = """
import hashlib, os
from worker.cell.process import hugepages

held = [str(number) * 40 for number in range(200_000)]
before = hashlib.sha256("".join(held).encode()).digest()
found = hugepages.gather()
assert hugepages.gather() >= found >= 0

child = os.fork()
if child == 0:
    held[7] = "written by a child"
    os._exit(held[8] != "8" * 40)
assert os.waitpid(child, 0)[1] == 0
assert hashlib.sha256("".join(held).encode()).digest() == before
print(found)
"""


def test_what_is_held_stays_what_it_was_for_parent_and_child() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HOLDS], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 0
