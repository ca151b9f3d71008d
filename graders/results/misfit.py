"""Owns the words for a `forward` that cannot be called with the inputs of its exercise."""

from __future__ import annotations

from collections.abc import Sequence

_CONTEXT = ("ctx", "context")


def misfit(forward: str, takes: Sequence[str], gets: Sequence[str], is_static: bool = True) -> str:
    """What is wrong with the arguments of `forward`; empty where their number is right.

    `takes` are its parameters after the first, which is the context's place, `gets` the names of
    the exercise's inputs; `is_static` says whether it is a static method.
    """
    if not takes or len(takes) == len(gets):
        return ""
    if takes[0] in _CONTEXT and is_static:
        return (
            f"Beside a `setup_context`, which has `{takes[0]}` for itself, {forward} is called "
            f"without it: take one of the two out. Where there is no `setup_context`, "
            f"`{takes[0]}` comes first, with no `self` before it."
        )
    if takes[0] in _CONTEXT:
        return (
            f"{forward} has another argument before `{takes[0]}`. It is static: write "
            f"`@staticmethod` above it, and let `{takes[0]}` come first."
        )
    told = (
        f"{forward} takes {_listed(takes)} after its first argument, which is for `ctx`, and is "
        f"called with {_listed(gets)}."
    )
    if len(takes) > len(gets):
        extra = takes[len(gets) :]
        them = "it" if len(extra) == 1 else "them"
        return f"{told} Give {_listed(extra)} a default value, or leave {them} out."
    return f"{told} PyTorch passes `ctx` before all the others."


def _listed(names: Sequence[str]) -> str:
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last
