"""Owns the REST API under /api/v1: routes parse, make one domain call, commit, and show."""

from app.api import changes, courses, events, sections, submissions, trials
from app.api.administration import assignments, releases, settings
from app.api.gradebook import (
    extensions,
    findings,
    grades,
    groups,
    late_days,
    regrades,
    talk,
)
from app.api.outputs import alike, analytics, exports, prepared, receipts
from app.api.reference import install_reference
from app.api.routing import router

__all__ = [
    "alike",
    "analytics",
    "assignments",
    "changes",
    "courses",
    "events",
    "exports",
    "extensions",
    "findings",
    "grades",
    "groups",
    "install_reference",
    "late_days",
    "prepared",
    "receipts",
    "regrades",
    "releases",
    "router",
    "sections",
    "settings",
    "submissions",
    "talk",
    "trials",
]
