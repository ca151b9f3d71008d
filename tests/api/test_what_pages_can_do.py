"""Whatever a page can change, a program can: each form has its call, or a reason to have none."""

from __future__ import annotations

import re

from app import api, pages

Calls = tuple[str, ...]
SECRET = "it is about a password or a browser's sign-in, of which no program should know"
ACCOUNTS = "accounts are a site administrator's in a browser: a token that leaks must make none"
VISITORS = "it is for visitors, who have no token"
LOOKS = "it is about as whom a browser's sign-in looks; a program sees what its token's holder does"
UPLOADS = "it only brings a file that was chosen in the form to the next page"
NO_CALL = {
    "/sign-in": SECRET,
    "/sign-out": SECRET,
    "/forgotten": SECRET,
    "/enter/{token}": SECRET,
    "/account/password": SECRET,
    "/account/sign-out-everywhere": SECRET,
    "/accounts": ACCOUNTS,
    "/accounts/{user_id}/active": ACCOUNTS,
    "/accounts/{user_id}/link": ACCOUNTS,
    "/accounts/mail/hasten": ACCOUNTS,
    "/try": VISITORS,
    "/courses/{course_id}/exports/preview": UPLOADS,
    "/courses/{course_id}/student-view": LOOKS,
    "/student-view/end": LOOKS,
}
HOOK = "/webhooks/{webhook_id}"
COURSE, SHEET = "/courses/{course_id}", "/assignments/{assignment_id}"
PROGRAM = "/service-accounts/{account_id}"
PERSON, GRADE = COURSE + "/people/{user_id}", SHEET + "/grades/{user_id}"
CALLS: dict[str, Calls] = {
    "/accounts/webhooks": ("POST /webhooks",),
    COURSE + "/webhooks": (f"POST {COURSE}/webhooks",),
    HOOK: (f"PATCH {HOOK}",),
    HOOK + "/test": (f"POST {HOOK}/tests",),
    HOOK + "/rotate": (f"POST {HOOK}/rotations",),
    HOOK + "/delete": (f"DELETE {HOOK}",),
    HOOK + "/replay": (f"POST {HOOK}/replays",),
    HOOK + "/deliveries/{delivery_id}/replay": (f"POST {HOOK}/deliveries/{{delivery_id}}/replays",),
    "/account/tokens": ("POST /tokens",),
    "/account/tokens/{token_id}/revoke": ("DELETE /tokens/{token_id}",),
    COURSE + "/service-accounts": (f"POST {COURSE}/service-accounts",),
    "/service-accounts": ("POST /service-accounts",),
    PROGRAM + "/active": (f"PATCH {PROGRAM}",),
    PROGRAM + "/tokens": (f"POST {PROGRAM}/tokens",),
    PROGRAM + "/tokens/{token_id}/revoke": (f"DELETE {PROGRAM}/tokens/{{token_id}}",),
    "/receipts": ("POST /receipts/verify",),
    "/courses/new": ("POST /courses",),
    COURSE + "/settings": (f"PATCH {COURSE}",),
    COURSE + "/archive": (f"PATCH {COURSE}",),
    COURSE + "/reopen": (f"PATCH {COURSE}",),
    COURSE + "/delete": (f"DELETE {COURSE}",),
    COURSE + "/copy": (f"POST {COURSE}/copies",),
    COURSE + "/groups": (f"PUT {COURSE}/groups",),
    COURSE + "/late-days": (f"PUT {COURSE}/late-days",),
    COURSE + "/sections": (f"POST {COURSE}/sections",),
    "/sections/{section_id}": ("PATCH /sections/{section_id}", "DELETE /sections/{section_id}"),
    COURSE + "/people": (f"POST {COURSE}/people",),
    COURSE + "/people/import": (f"POST {COURSE}/roster",),
    COURSE + "/people/invitations": (f"POST {COURSE}/invitations",),
    PERSON + "/invitation": (f"PUT {PERSON}/invitation",),
    PERSON + "/invitation/withdraw": (f"DELETE {PERSON}/invitation",),
    PERSON + "/remove": (f"PATCH {PERSON}",),
    PERSON + "/role": (f"PATCH {PERSON}",),
    PERSON + "/sections": (f"PUT {PERSON}/sections",),
    COURSE + "/exports": (f"POST {COURSE}/exports",),
    COURSE + "/exports/filled": (f"POST {COURSE}/grades/fill",),
    "/exports/{export_id}/delete": ("DELETE /exports/{export_id}",),
    COURSE + "/assignments/new": (f"POST {COURSE}/assignments",),
    SHEET + "/edit": (f"PATCH {SHEET}",),
    SHEET + "/publish": (f"PATCH {SHEET}",),
    SHEET + "/team": (
        f"PUT {SHEET}/team",
        f"POST {SHEET}/team/invitations",
        f"DELETE {SHEET}/team/invitations/{{user_id}}",
        f"DELETE {SHEET}/teams/{{team_id}}/invitation",
    ),
    SHEET + "/teams": (f"PUT {SHEET}/teams/members/{{user_id}}",),
    SHEET + "/teams/import": (f"POST {SHEET}/teams/import",),
    SHEET + "/copy": (f"POST {SHEET}/copies",),
    SHEET + "/delete": (f"DELETE {SHEET}",),
    SHEET + "/release": (f"POST {SHEET}/release",),
    SHEET + "/release/take-back": (f"DELETE {SHEET}/release",),
    SHEET + "/extensions": (f"POST {SHEET}/extensions",),
    GRADE + "/extension": (f"POST {SHEET}/extensions",),
    "/extensions/{extension_id}/take-back": ("DELETE /extensions/{extension_id}",),
    SHEET + "/late-days": (f"PUT {SHEET}/late-days",),
    SHEET + "/regrades": (f"POST {SHEET}/regrades",),
    "/regrades/{regrade_id}/apply": ("POST /regrades/{regrade_id}/apply",),
    "/regrades/{regrade_id}/cancel": ("POST /regrades/{regrade_id}/cancel",),
    SHEET + "/submissions": (f"POST {SHEET}/submissions", "POST /submissions"),
    SHEET + "/trial": (f"POST {SHEET}/trials",),
    "/submissions/{submission_id}/hand-in": ("POST /submissions/{submission_id}/hand-in",),
    "/submissions/{submission_id}/looks": (
        "POST /submissions/{submission_id}/exercises/{exercise}/looks",
    ),
    "/submissions/{submission_id}/choose": ("POST /submissions/{submission_id}/choose",),
    GRADE: (f"PATCH {GRADE}",),
    GRADE + "/undo": (f"POST {GRADE}/undo",),
    GRADE + "/comments": (f"POST {GRADE}/comments",),
    GRADE + "/appeals": (f"POST {GRADE}/appeals",),
    "/comments/{comment_id}/withdraw": ("DELETE /comments/{comment_id}",),
    "/appeals/{appeal_id}/answer": ("POST /appeals/{appeal_id}/answer",),
    "/appeals/{appeal_id}/reply": ("POST /appeals/{appeal_id}/reply",),
}
"""By the path of a form the calls below /api/v1 that do what it does."""


def forms() -> set[str]:
    """The paths of all forms."""
    return {
        route.path
        for part in pages.PARTS
        for route in part.router.routes
        if "POST" in route.methods
    }


def calls() -> set[str]:
    """All calls that change something, by method and path below /api/v1."""
    return {
        f"{method} {re.sub(':[a-z]+}', '}', route.path).removeprefix('/api/v1')}"  # type: ignore[attr-defined]
        for route in api.router.routes
        for method in route.methods - {"GET", "HEAD"}  # type: ignore[attr-defined]
    }


def test_each_form_has_a_call_that_does_the_same_or_a_reason() -> None:
    assert forms() == CALLS.keys() | NO_CALL.keys()
    assert not CALLS.keys() & NO_CALL.keys()


def test_each_of_those_calls_is_there() -> None:
    assert {one for some in CALLS.values() for one in some} <= calls()


def test_a_program_can_change_nothing_that_no_form_can() -> None:
    assert calls() == {one for some in CALLS.values() for one in some}
