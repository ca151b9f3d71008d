"""`python -m bench.year`: an LMS's whole year at full size, or while parts of the service die."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.year.course import enrolled
from bench.year.lms import Lms
from bench.year.play import play
from bench.year.wrecking import wrecked
from tests.support.outside.receiver import receiving
from tests.support.processes.stack import Stack


def main() -> None:
    """Play, print how long each act took, and exit with status 1 where two books disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--hand-ins", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of who hands in what")
    parser.add_argument("--kills", type=int, default=0, help="of web, worker and Redis, in turn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chainrule-year-") as folder, ExitStack() as closing:
        most = "1000000/minute"
        stack = Stack(
            Path(folder) / "data",
            CHAINRULE_SUBMIT_LIMIT=most,
            CHAINRULE_API_LIMIT=most,
            CHAINRULE_WEBHOOK_NETWORKS="127.0.0.0/8",
        ).start()
        closing.callback(stack.stop)
        lms, pages = _administrator(stack, closing)
        receiver = closing.enter_context(receiving())
        killed = closing.enter_context(wrecked(stack, options.seed, options.kills))
        taught = enrolled(options.people, options.seed)
        faults = play(lms, pages, receiver, taught, options.hand_ins)
    print(*(f"{part} was killed {times} times." for part, times in killed.items()), sep="\n")
    print("\n".join(faults) or "All books agree.")
    sys.exit(bool(faults))


def _administrator(stack: Stack, closing: ExitStack) -> tuple[Lms, Lms]:
    """A site administrator's program and browser."""
    patch = closing.enter_context(pytest.MonkeyPatch.context())
    for name, value in stack.environment.items():
        patch.setenv(name, value)
    from app.identity.authentication import SCOPES
    from tests.support.cast import cast_of

    admin = closing.enter_context(cast_of(stack.url)).person("Ada Admin", is_admin=True)
    return Lms(admin.api_with(*SCOPES)), Lms(admin.web)


if __name__ == "__main__":
    main()
