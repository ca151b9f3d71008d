"""Owns the one error of the command line: what is in the way, and what to do about it."""

from __future__ import annotations


class Failure(Exception):
    """Ends the command. Shown to the person as it is, without a traceback."""

    def __init__(self, problem: str, remedy: str = "", *, status: int = 1) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.status = status


def of_settings(error: Exception) -> Failure | None:
    """What is wrong with a setting, without its value; None for any other error."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or error.title != "Settings":
        return None
    wrong = "; ".join(
        f"CHAINRULE_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    )
    return Failure(f"A setting cannot be used: {wrong}.", "docs/settings.md describes each.")
