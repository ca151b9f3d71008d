"""Everything that a person sees in a browser, one module for each group of pages."""

from app.pages import (
    assignments,
    compare,
    courses,
    graders,
    guide,
    submissions,
    trials,
    visitors,
)
from app.pages.administration import copying, releases, settings, student_views
from app.pages.authoring import form
from app.pages.gradebook import (
    extensions,
    grade,
    groups,
    late_days,
    log,
    overview,
    regrades,
    table,
    talk,
    teams,
)
from app.pages.identity import account, accounts, enter, forgotten, mails, service_accounts, sign_in
from app.pages.outputs import alike, analytics, exports, prepared, receipts
from app.pages.people import invitations, roster, sections
from app.pages.webhooks import lists, one

PARTS = (
    sign_in,
    enter,
    forgotten,
    account,
    courses,
    settings,
    copying,
    releases,
    student_views,
    roster,
    sections,
    invitations,
    form,
    assignments,
    trials,
    compare,
    submissions,
    receipts,
    table,
    grade,
    extensions,
    late_days,
    teams,
    log,
    overview,
    groups,
    regrades,
    talk,
    analytics,
    alike,
    exports,
    prepared,
    graders,
    guide,
    visitors,
    accounts,
    service_accounts,
    mails,
    lists,
    one,
)

ROUTES = [route for part in PARTS for route in part.router.routes]
