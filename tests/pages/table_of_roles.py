"""Owns the table of pages and roles: which status each page answers each role."""

from __future__ import annotations

from uuid import UUID

ROLES = (
    *("nobody", "outsider", "other_student", "student"),
    *("tutor", "assistant", "instructor", "admin"),
)
Statuses = dict[str, int]
NO_IDS = {"nothing": 2**31 - 1, "no_id": UUID(int=0)}
"""Placeholders of addresses where nothing is."""


def statuses(nobody: int = 303, **others: int) -> Statuses:
    """200 for all but those named; who is not signed in is sent to the sign-in page."""
    return dict.fromkeys(ROLES, 200) | {"nobody": nobody} | others


SIGNED_IN = statuses()
MEMBERS = statuses(outsider=404)
OWNER_AND_STAFF = MEMBERS | {"other_student": 404, "tutor": 404}  # `student` is in no section
THEIRS = MEMBERS | {"other_student": 403, "tutor": 403}
TEACHERS = MEMBERS | {"other_student": 403, "student": 403}
STAFF = TEACHERS | {"tutor": 403}
MANAGERS = STAFF | {"assistant": 403}
STRANGER = MEMBERS | dict.fromkeys(("assistant", "instructor", "admin"), 404)
STRANGER |= dict.fromkeys(("other_student", "student", "tutor"), 403)
ADMINS = statuses(**dict.fromkeys(ROLES[1:-1], 403))


def posted(read: Statuses, done: int = 303) -> Statuses:
    """The same for a form: who may is sent on (303), nobody is told to sign in (401)."""
    return {role: done if s == 200 else s for role, s in read.items()} | {"nobody": 401}


NOWHERE = "appeals/{nothing}/answer appeals/{nothing}/reply comments/{nothing}/withdraw"
NOWHERE += " extensions/{nothing}/take-back sections/{nothing}"
NOWHERE += " regrades/{nothing}/apply regrades/{nothing}/cancel"
SENT_ON = dict.fromkeys(ROLES, 303)  # to a page that has a row of its own
NOT_THERE = statuses(**dict.fromkeys(ROLES[1:], 404))
SUBMISSION = "/submissions/{submission_id}"  # of `student`
ASSIGNMENT = "/assignments/{assignment_id}"
GRADE = ASSIGNMENT + "/grades/{student_id}"
COURSE = "/courses/{course_id}"
PEOPLE = COURSE + "/people"
TABLE: dict[tuple[str, str], Statuses] = {
    ("GET", "/sign-in"): dict.fromkeys(ROLES, 303) | {"nobody": 200},
    ("POST", "/sign-in"): dict.fromkeys(ROLES, 401),
    ("POST", "/sign-out"): dict.fromkeys(ROLES, 303),
    ("GET", "/forgotten"): dict.fromkeys(ROLES, 200),
    ("POST", "/forgotten"): dict.fromkeys(ROLES, 303),
    ("GET", "/enter/{nothing}"): dict.fromkeys(ROLES, 404),
    ("POST", "/enter/{nothing}"): dict.fromkeys(ROLES, 404),
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/password"): posted(SIGNED_IN, 422),
    ("POST", "/account/tokens"): posted(SIGNED_IN, 422),
    ("POST", "/account/tokens/{nothing}/revoke"): posted(SIGNED_IN, 404),
    ("POST", "/account/sign-out-everywhere"): posted(SIGNED_IN),
    ("GET", "/"): dict.fromkeys(ROLES, 200),
    ("GET", "/try"): SENT_ON,
    ("POST", "/try"): dict.fromkeys(ROLES, 422),
    **{("GET", "/try/{nothing}" + part): dict.fromkeys(ROLES, 404) for part in ("", "/panel")},
    ("GET", "/courses/new"): ADMINS,
    ("POST", "/courses/new"): posted(ADMINS, 422),
    ("GET", COURSE): MEMBERS,
    ("POST", COURSE + "/student-view"): posted(TEACHERS),
    ("POST", "/student-view/end"): posted(SIGNED_IN),  # at once: the rows below are for oneself
    ("GET", COURSE + "/settings"): MANAGERS,
    ("POST", COURSE + "/settings"): posted(MANAGERS, 409),
    ("POST", COURSE + "/archive"): posted(MANAGERS, 409),
    ("POST", COURSE + "/reopen"): posted(MANAGERS),
    ("POST", COURSE + "/delete"): posted(MANAGERS, 409),
    ("GET", COURSE + "/copy"): MANAGERS,
    ("POST", COURSE + "/copy"): posted(MANAGERS, 422),
    ("GET", ASSIGNMENT + "/copy"): MANAGERS,
    ("POST", ASSIGNMENT + "/copy"): posted(MANAGERS),
    ("POST", ASSIGNMENT + "/delete"): posted(MANAGERS, 409),
    ("GET", PEOPLE): MANAGERS,
    ("POST", PEOPLE): posted(MANAGERS, 422),
    ("GET", PEOPLE + "/import"): SENT_ON,
    ("POST", PEOPLE + "/import"): posted(MANAGERS, 422),
    ("POST", PEOPLE + "/{nothing}/role"): posted(MANAGERS, 404),
    ("POST", PEOPLE + "/{nothing}/remove"): posted(MANAGERS, 404),
    ("POST", PEOPLE + "/{nothing}/sections"): posted(MANAGERS, 404),
    ("GET", PEOPLE + "/invitations"): MANAGERS,
    ("GET", PEOPLE + "/invitations.csv"): MANAGERS,
    ("POST", PEOPLE + "/invitations"): posted(MANAGERS),
    ("POST", PEOPLE + "/{nothing}/invitation"): posted(MANAGERS, 404),
    ("POST", PEOPLE + "/{nothing}/invitation/withdraw"): posted(MANAGERS, 404),
    ("POST", COURSE + "/sections"): posted(MANAGERS, 422),
    ("GET", COURSE + "/assignments/new"): MANAGERS,
    ("POST", COURSE + "/assignments/new"): posted(MANAGERS, 422),
    ("GET", ASSIGNMENT + "/edit"): MANAGERS,
    ("POST", ASSIGNMENT + "/edit"): posted(MANAGERS, 422),
    ("POST", ASSIGNMENT + "/release"): posted(MANAGERS, 409),
    ("POST", ASSIGNMENT + "/release/take-back"): posted(MANAGERS),
    ("POST", ASSIGNMENT + "/publish"): posted(MANAGERS),
    ("GET", ASSIGNMENT): MEMBERS,
    ("GET", ASSIGNMENT + "/submissions"): SENT_ON,
    ("POST", ASSIGNMENT + "/submissions"): posted(MEMBERS, 422),
    ("GET", ASSIGNMENT + "/work"): MEMBERS,
    ("GET", ASSIGNMENT + "/trial"): SENT_ON,
    ("POST", ASSIGNMENT + "/trial"): posted(MEMBERS, 422),
    ("GET", ASSIGNMENT + "/regrades"): STAFF,
    ("POST", ASSIGNMENT + "/regrades"): posted(MANAGERS),
    ("GET", "/regrades/{nothing}"): NOT_THERE,
    ("GET", "/regrades/{nothing}/panel"): NOT_THERE,
    ("GET", ASSIGNMENT + "/starter.py"): MEMBERS,
    ("GET", ASSIGNMENT + "/attempts"): MEMBERS,
    ("GET", ASSIGNMENT + "/compare"): MEMBERS,
    ("GET", ASSIGNMENT + "/compare?student={student_id}"): THEIRS,
    ("GET", ASSIGNMENT + "/attempts?student={student_id}"): THEIRS,
    ("GET", ASSIGNMENT + "/compare?student={stranger_id}"): STRANGER,
    ("GET", ASSIGNMENT + "/attempts?student={stranger_id}"): STRANGER,
    ("GET", SUBMISSION): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/panel"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/events"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/source.py"): OWNER_AND_STAFF,
    ("POST", SUBMISSION + "/hand-in"): posted(OWNER_AND_STAFF, 404) | {"student": 409},
    ("POST", SUBMISSION + "/looks"): posted(OWNER_AND_STAFF, 403) | {"student": 404},
    ("POST", SUBMISSION + "/choose"): posted(OWNER_AND_STAFF, 403) | {"student": 409},
    ("GET", GRADE): THEIRS,
    ("POST", GRADE): posted(STAFF, 409),
    ("POST", GRADE + "/undo"): posted(STAFF, 409),
    ("POST", GRADE + "/extension"): posted(STAFF, 409),
    ("GET", ASSIGNMENT + "/extensions"): TEACHERS,
    ("POST", ASSIGNMENT + "/extensions"): posted(TEACHERS, 422),
    ("GET", COURSE + "/grades/{student_id}"): THEIRS,
    ("GET", COURSE + "/late-days"): TEACHERS,
    ("POST", COURSE + "/late-days"): posted(MANAGERS),
    ("POST", ASSIGNMENT + "/late-days"): posted(MEMBERS),
    ("GET", ASSIGNMENT + "/team"): MEMBERS,
    ("POST", ASSIGNMENT + "/team"): posted(MEMBERS, 409),
    ("GET", ASSIGNMENT + "/teams"): TEACHERS,
    ("POST", ASSIGNMENT + "/teams"): posted(STAFF, 422),
    ("GET", ASSIGNMENT + "/teams/import"): SENT_ON,
    ("POST", ASSIGNMENT + "/teams/import"): posted(STAFF, 409),
    ("GET", COURSE + "/groups"): MANAGERS,
    ("POST", COURSE + "/groups"): posted(MANAGERS, 409),
    ("POST", GRADE + "/appeals"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "student": 422},
    ("POST", GRADE + "/comments"): posted(STAFF, 422),
    **{("POST", f"/{path}"): posted(SIGNED_IN, 404) for path in NOWHERE.split()},
    ("GET", COURSE + "/appeals"): TEACHERS,
    **{("GET", f"{COURSE}/log{kind}"): STAFF for kind in ("", ".csv")},
    **{("GET", "/receipts" + part): dict.fromkeys(ROLES, 200) for part in ("", "/keys.json")},
    ("POST", "/receipts"): dict.fromkeys(ROLES, 422),
    ("GET", SUBMISSION + "/receipt"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/receipt.txt"): OWNER_AND_STAFF,
    ("GET", SUBMISSION + "/result-sheet.txt"): OWNER_AND_STAFF,
    ("GET", COURSE + "/gradebook"): TEACHERS,
    ("GET", COURSE + "/gradebook.csv"): TEACHERS,
    ("GET", COURSE + "/analytics"): STAFF,
    ("GET", COURSE + "/analytics.csv"): STAFF,
    ("GET", COURSE + "/analytics/misconception?exercise=sum&name=none"): STRANGER,
    ("GET", COURSE + "/analytics/projector?exercise=sum&name=none"): STRANGER,
    ("GET", ASSIGNMENT + "/analytics"): STAFF,
    ("GET", ASSIGNMENT + "/analytics.csv"): STAFF,
    ("GET", ASSIGNMENT + "/alike"): STAFF,
    ("GET", ASSIGNMENT + "/alike/{submission_id}/{submission_id}"): STAFF,
    ("GET", COURSE + "/exports"): STAFF,
    ("GET", COURSE + "/exports/preview"): SENT_ON,
    ("POST", COURSE + "/exports/preview"): posted(STAFF, 422),
    ("GET", COURSE + "/exports/filled"): SENT_ON,
    ("POST", COURSE + "/exports/filled"): posted(STAFF, 422),
    ("GET", COURSE + "/hand-ins.zip"): STAFF,
    ("POST", COURSE + "/exports"): posted(STAFF, 422),
    ("GET", COURSE + "/exports/panel"): STAFF,
    ("GET", "/exports/{no_id}"): NOT_THERE,
    ("POST", "/exports/{no_id}/delete"): posted(NOT_THERE, 404),
    **{("GET", f"{COURSE}/grades.{kind}"): TEACHERS for kind in ("csv", "json")},
    ("GET", COURSE + "/service-accounts"): MANAGERS,
    ("POST", COURSE + "/service-accounts"): posted(MANAGERS, 422),
    ("GET", "/service-accounts"): ADMINS,
    ("POST", "/service-accounts"): posted(ADMINS, 422),
    ("GET", "/service-accounts/{nothing}"): NOT_THERE,
    **{
        ("POST", "/service-accounts/{nothing}" + part): posted(NOT_THERE, 404)
        for part in ("/active", "/tokens", "/tokens/{nothing}/revoke")
    },
    ("GET", "/guide"): dict.fromkeys(ROLES, 200),
    ("GET", "/graders"): statuses(**dict.fromkeys(ROLES[2:6], 403)),
    ("GET", "/accounts"): ADMINS,
    ("GET", "/accounts/log"): ADMINS,
    ("GET", "/accounts/mail"): ADMINS,
    ("GET", "/accounts/webhooks"): ADMINS,
    ("POST", "/accounts/webhooks"): posted(ADMINS, 422),
    ("GET", COURSE + "/webhooks"): MANAGERS,
    ("POST", COURSE + "/webhooks"): posted(MANAGERS, 422),
    ("GET", "/webhooks/{no_id}"): NOT_THERE,
    **{
        ("POST", "/webhooks/{no_id}" + part): posted(NOT_THERE, 404)
        for part in ("", "/test", "/rotate", "/delete", "/replay", "/deliveries/{nothing}/replay")
    },
    ("POST", "/accounts/mail/hasten"): posted(ADMINS),
    ("POST", "/accounts"): posted(ADMINS, 422),
    ("POST", "/accounts/{nothing}/link"): posted(ADMINS, 404),
    ("POST", "/accounts/{nothing}/active"): posted(ADMINS, 404),
}
