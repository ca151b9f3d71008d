"""Owns what a route declares of bodies sent to it: which page has the form, what is too much.

It is asked where no route runs: before the body was read, or when it could not be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.routing import compile_path

from app.errors import TooLarge
from app.settings import settings

Route = TypeVar("Route", bound=Callable[..., object])


@dataclass(frozen=True)
class _Body:
    path: re.Pattern[str]
    too_large: Callable[[], str]
    page: str | None
    takes_files: bool


_bodies: list[_Body] = []


def body(
    path: str, too_large: Callable[[], str], page: str | None = None, *, takes_files: bool = False
) -> Callable[[Route], Route]:
    """Declares of the route at `path` what to say of more than the limit, and the path of the page
    with the form, where that is another one; and whether a student's file may be in it."""

    def declare(route: Route) -> Route:
        _bodies.append(_Body(compile_path(path)[0], too_large, page, takes_files))
        return route

    return declare


def body_limit(path: str = "") -> int:
    """The largest request body in bytes: an upload, form-encoded at its worst, and its fields.

    Where files are taken at `path`, it may be a notebook with its outputs.
    """
    least = 3 * settings().upload_limit_bytes
    takes_files = any(one.takes_files and one.path.match(path) for one in _bodies)
    return max(least, settings().notebook_limit_bytes * takes_files) + 65_536


def too_large(path: str) -> TooLarge:
    """What to say of a body past the limit that was sent to `path`."""
    for one in _bodies:
        if one.path.match(path):
            return TooLarge(one.too_large())
    limit = body_limit(path) // 1024
    return TooLarge(f"That is more than the {limit} kB that can be sent here; nothing was changed.")


def page_of_form(path: str) -> str | None:
    """The page with the form that was sent to `path`, where that is another one."""
    for one in _bodies:
        if one.page and (found := one.path.match(path)):
            return one.page.format(**found.groupdict())
    return None
