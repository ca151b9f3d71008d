"""Owns the table of routes that change something and leave nothing in a course's log, and why."""

from __future__ import annotations

ITS_OWN = "it is a row of its own, a file or a look, with its time and whose it is, and stays"
ACCOUNT = "it is about an account, which has a log of its own, or about its sign-ins"
NOTHING = "it asks for something, and changes nothing"
TRIED = ("/assignments/{assignment_id}/trial", "/try", "/api/v1/assignments/{assignment_id}/trials")
SITE = "it is of the whole site, and is in the log of accounts"
LEAVE_NONE = dict.fromkeys((("POST", path) for path in TRIED), "a trial counts nowhere") | {
    ("POST", "/assignments/{assignment_id}/submissions"): ITS_OWN,
    ("POST", "/submissions/{submission_id}/hand-in"): ITS_OWN,
    ("POST", "/api/v1/submissions/{submission_id}/hand-in"): ITS_OWN,
    ("POST", "/api/v1/submissions"): ITS_OWN,
    ("POST", "/submissions/{submission_id}/looks"): ITS_OWN,
    ("POST", "/api/v1/submissions/{submission_id}/exercises/{exercise}/looks"): ITS_OWN,
    ("POST", "/receipts"): NOTHING,
    ("POST", "/student-view/end"): NOTHING,
    ("POST", "/api/v1/receipts/verify"): NOTHING,
    ("POST", "/courses/{course_id}/exports/preview"): NOTHING,
    ("POST", "/courses/{course_id}/exports/filled"): NOTHING,
    ("POST", "/api/v1/courses/{course_id}/grades/fill"): NOTHING,
    ("POST", "/sign-in"): ACCOUNT,
    ("POST", "/sign-out"): ACCOUNT,
    ("POST", "/account/password"): ACCOUNT,
    ("POST", "/account/tokens"): ACCOUNT,
    ("POST", "/account/tokens/{token_id}/revoke"): ACCOUNT,
    ("POST", "/account/sign-out-everywhere"): ACCOUNT,
    ("POST", "/accounts"): ACCOUNT,
    ("POST", "/accounts/{user_id}/link"): ACCOUNT,
    ("POST", "/enter/{token}"): ACCOUNT,
    ("POST", "/forgotten"): ACCOUNT,
    ("POST", "/accounts/mail/hasten"): NOTHING,
    ("POST", "/accounts/webhooks"): SITE,
    ("POST", "/api/v1/webhooks"): SITE,
    ("POST", "/webhooks/{webhook_id}/test"): NOTHING,
    ("POST", "/api/v1/webhooks/{webhook_id}/tests"): NOTHING,
    ("POST", "/api/v1/courses/{course_id}/invitations"): ACCOUNT,
    ("PUT", "/api/v1/courses/{course_id}/people/{user_id}/invitation"): ACCOUNT,
    ("DELETE", "/api/v1/courses/{course_id}/people/{user_id}/invitation"): ACCOUNT,
    ("POST", "/service-accounts"): ACCOUNT,
    ("POST", "/api/v1/service-accounts"): ACCOUNT,
    ("POST", "/api/v1/tokens"): ACCOUNT,
    ("DELETE", "/api/v1/tokens/{token_id}"): ACCOUNT,
    ("POST", "/courses/{course_id}/people/invitations"): ACCOUNT,
    ("POST", "/courses/{course_id}/people/{user_id}/invitation"): ACCOUNT,
    ("POST", "/courses/{course_id}/people/{user_id}/invitation/withdraw"): ACCOUNT,
    ("POST", "/accounts/{user_id}/active"): ACCOUNT,
    ("POST", "/api/v1/assignments/{assignment_id}/submissions"): ITS_OWN,
}
