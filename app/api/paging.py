"""Owns pages of long lists: Link headers with opaque addresses, as Canvas has them; no totals."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime

from app.errors import Unprocessable
from app.settings import settings

Bookmark = list[str]
T = TypeVar("T")


class Pager:
    """Which page was asked for: at most `size` items, after `bookmark` where there is one."""

    def __init__(
        self,
        request: Request,
        per_page: Annotated[int, Query(ge=1, le=100, description="Items on a page.")] = 50,
        page: Annotated[
            str | None,
            Query(
                max_length=300,
                description="Which page: take it from the `Link` header, and do not make it up.",
            ),
        ] = None,
    ) -> None:
        self._request = request
        self.size = per_page
        self.bookmark = None if page is None else _opened(page)

    def cut(self, items: Iterable[T], number: Callable[[T], int]) -> list[T]:
        """The asked page of a list that is there as a whole, in the order of its items' numbers.

        A number never changes: who goes on after one misses nobody, though others were renamed or
        taken out meanwhile.
        """
        after = self.number or 0
        left = sorted((item for item in items if number(item) > after), key=number)
        page = left[: self.size]
        if len(left) > len(page):
            self.link_next([str(number(page[-1]))])
        return page

    def shown(self, found: Sequence[T], bookmark: Callable[[T], Bookmark]) -> list[T]:
        """The page of what was found, which goes on by one beyond it where there is a next one."""
        page = list(found[: self.size])
        if len(found) > len(page):
            self.link_next(bookmark(page[-1]))
        return page

    @property
    def number(self) -> int | None:
        """The number of the last item before the page, in lists of numbered items."""
        return None if self.bookmark is None else _as_number(self.bookmark)

    def link_next(self, bookmark: Bookmark) -> None:
        """Say in the answer where the next page is."""
        mark = urlsafe_b64encode(json.dumps(bookmark).encode()).decode().rstrip("=")
        query = {**self._request.query_params, "per_page": str(self.size), "page": mark}
        path = quote(self._request.scope["path"], safe="/:")
        url = f"{settings().base_url}{path}?{urlencode(query)}"
        self._request.state.headers["link"] = f'<{url}>; rel="next"'


def unusable() -> Unprocessable:
    """What to raise for a page that we never named."""
    return Unprocessable(
        "There is no such page. Follow the addresses in the `Link` header.",
        errors={"page": "not an address that was given out"},
    )


def _opened(page: str) -> Bookmark:
    try:
        bookmark = json.loads(urlsafe_b64decode(page.encode() + b"=="))
    except (ValueError, RecursionError):
        raise unusable() from None
    if not isinstance(bookmark, list) or not all(isinstance(part, str) for part in bookmark):
        raise unusable()
    return bookmark


def _as_number(bookmark: Bookmark) -> int:
    if len(bookmark) != 1 or not bookmark[0].isdecimal() or len(bookmark[0]) > 18:
        raise unusable()
    return int(bookmark[0])


Paged = Annotated[Pager, Depends()]
Since = Annotated[
    AwareDatetime | None,
    Query(description="Only from then on, with its offset, as in `2026-11-27T14:00:00Z`."),
]
