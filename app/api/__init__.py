"""Owns the REST API under /api/v1: routes parse, make one domain call, commit, and show."""

from app.api import changes, courses
from app.api.administration import assignments, releases, settings
from app.api.gradebook import (
    extensions,
    findings,
    grades,
    groups,
    late_days,
    placing,
    regrades,
    talk,
    teams,
)
from app.api.outputs import alike, analytics, exports, prepared, receipts
from app.api.people import invitations, members, roster, sections, service_accounts, tokens
from app.api.reference import install_reference
from app.api.routing import router
from app.api.webhooks import deliveries, endpoints
from app.api.work import events, several, submissions, trials

__all__ = [
    "alike",
    "analytics",
    "assignments",
    "changes",
    "courses",
    "deliveries",
    "endpoints",
    "events",
    "exports",
    "extensions",
    "findings",
    "grades",
    "groups",
    "install_reference",
    "invitations",
    "late_days",
    "members",
    "placing",
    "prepared",
    "receipts",
    "regrades",
    "releases",
    "roster",
    "router",
    "sections",
    "service_accounts",
    "settings",
    "several",
    "submissions",
    "talk",
    "teams",
    "tokens",
    "trials",
]
