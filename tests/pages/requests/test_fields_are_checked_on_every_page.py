"""Every page checks the fields that it is sent, and is no part of the API's description."""

from __future__ import annotations

from app import pages
from app.http.fields import check_fields
from app.http.routes import QuickRoute


def test_no_group_of_pages_has_routes_of_another_kind() -> None:
    assert len(pages.ROUTES) > 100
    for route in pages.ROUTES:
        assert isinstance(route, QuickRoute), route
        assert check_fields in [one.dependency for one in route.dependencies], route.path
        assert not route.include_in_schema, route.path
