"""Owns the one error of the command line: what is in the way, and what to do about it."""

from __future__ import annotations


class Failure(Exception):
    """Ends the command. Shown to the person as it is, without a traceback."""

    def __init__(self, problem: str, remedy: str = "", *, status: int = 1) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.status = status
