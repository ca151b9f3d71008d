"""`python -m bench.chaos --seed 1 --submissions 300`: kill everything in turn, and lose nothing."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.chaos.ordeal import run
from tests.support.processes.stack import Stack


def main() -> None:
    """Run, print, and exit with status 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the order of kills and files")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--pace", type=float, default=5.0, help="uploads a second")
    parser.add_argument("--most", type=int, default=150, help="files on their way at a time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chainrule-chaos-") as folder:
        stack = Stack(Path(folder) / "data", CHAINRULE_SUBMIT_LIMIT="1000000/minute").start()
        try:
            faults = run(stack, options.seed, options.submissions, options.pace, options.most)
        finally:
            stack.stop()
    print("\n".join(faults) or "Nothing was lost.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
