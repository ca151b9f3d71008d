"""Owns the table of routes and roles: which status each route answers each role."""

from __future__ import annotations

from uuid import uuid4

ROLES = (
    *("nobody", "outsider", "other_student", "student"),
    *("tutor", "assistant", "instructor", "admin"),
)
OWN = "/api/v1/submissions/{submission_id}"  # of `student`
LOOKS = OWN + "/exercises/{exercise}/looks"
GRADE = "/api/v1/assignments/{assignment_id}/grades/{user_id}"  # of `student`
REGRADES = "/api/v1/assignments/{assignment_id}/regrades"
REGRADE = "/api/v1/regrades/{regrade_id}"
GROUPS = "/api/v1/courses/{course_id}/groups"
LATE_DAYS = "/api/v1/assignments/{assignment_id}/late-days"
TEAM = "/api/v1/assignments/{assignment_id}/team"
TEAMS = "/api/v1/assignments/{assignment_id}/teams"
SECTIONS = "/api/v1/courses/{course_id}/sections"
EXTENSIONS = "/api/v1/assignments/{assignment_id}/extensions"
EVERYBODY = dict.fromkeys(ROLES, 200) | {"nobody": 401}
MEMBERS = EVERYBODY | {"outsider": 404}
TEACHERS = MEMBERS | {"other_student": 403, "student": 403}
STAFF = TEACHERS | {"tutor": 403}
MANAGERS = STAFF | {"assistant": 403}
IS_ALONE = dict.fromkeys(("assistant", "instructor", "admin"), 409)
UNSEEN = {"instructor": 428, "admin": 428}
OWNER_AND_STAFF = MEMBERS | {"other_student": 404, "tutor": 404}  # `student` is in no section
FILL = "/api/v1/courses/{course_id}/grades/fill"
HOOKS, SITE_HOOKS = "/api/v1/courses/{course_id}/webhooks", "/api/v1/webhooks"
HOOK = SITE_HOOKS + "/{webhook_id}"
ADMINS = dict.fromkeys(ROLES, 403) | {"nobody": 401, "admin": 200}
PEOPLE = "/api/v1/courses/{course_id}/people"
TEACHING = ("outsider", "tutor", "assistant", "instructor", "admin")
TOKENS = EVERYBODY | {"other_student": 403, "student": 403}  # whose tokens lack the scope
TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "/api/v1/me"): EVERYBODY,
    ("GET", "/api/v1/courses"): EVERYBODY,
    ("POST", "/api/v1/courses"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "admin": 422},
    ("GET", "/api/v1/courses/{course_id}"): MEMBERS,
    ("PATCH", "/api/v1/courses/{course_id}"): MANAGERS | UNSEEN,
    ("DELETE", "/api/v1/courses/{course_id}"): MANAGERS | UNSEEN,
    ("POST", "/api/v1/courses/{course_id}/copies"): MANAGERS | {"instructor": 422, "admin": 422},
    ("POST", "/api/v1/courses/{course_id}/assignments"): MANAGERS
    | {"instructor": 422, "admin": 422},
    ("POST", "/api/v1/assignments/{assignment_id}/copies"): MANAGERS
    | {"instructor": 201, "admin": 201},
    ("DELETE", "/api/v1/assignments/{assignment_id}"): MANAGERS | UNSEEN,
    ("POST", "/api/v1/assignments/{assignment_id}/release"): MANAGERS
    | {"instructor": 409, "admin": 409},
    ("DELETE", "/api/v1/assignments/{assignment_id}/release"): MANAGERS,
    ("GET", "/api/v1/courses/{course_id}/assignments"): MEMBERS,
    ("GET", "/api/v1/courses/{course_id}/gradebook"): TEACHERS,
    ("GET", "/api/v1/courses/{course_id}/analytics"): STAFF,
    ("GET", "/api/v1/courses/{course_id}/analytics/misconception"): dict.fromkeys(ROLES, 422)
    | {"nobody": 401},
    ("GET", "/api/v1/assignments/{assignment_id}/analytics"): STAFF,
    ("GET", "/api/v1/assignments/{assignment_id}/alike"): STAFF,
    ("GET", "/api/v1/courses/{course_id}/hand-ins"): STAFF,
    ("POST", "/api/v1/courses/{course_id}/exports"): STAFF
    | dict.fromkeys(("assistant", "instructor", "admin"), 202),
    ("GET", "/api/v1/courses/{course_id}/exports"): MEMBERS,
    **{
        (verb, f"/api/v1/exports/{{export_id}}{part}"): dict.fromkeys(ROLES, 404) | {"nobody": 401}
        for verb, part in (("GET", ""), ("GET", "/file"), ("DELETE", ""))
    },
    ("GET", "/api/v1/courses/{course_id}/grades"): TEACHERS,
    ("POST", FILL): TEACHERS,
    ("GET", "/api/v1/assignments/{assignment_id}"): MEMBERS,
    ("PATCH", "/api/v1/assignments/{assignment_id}"): STAFF
    | {"assistant": 403, "instructor": 428, "admin": 428},
    ("GET", "/api/v1/assignments/{assignment_id}/submissions"): MEMBERS,
    ("POST", "/api/v1/assignments/{assignment_id}/submissions"): {
        role: 202 if status == 200 else status for role, status in MEMBERS.items()
    },
    ("GET", "/api/v1/assignments/{assignment_id}/starter"): MEMBERS,
    ("POST", "/api/v1/assignments/{assignment_id}/trials"): {
        role: 202 if status == 200 else status for role, status in MEMBERS.items()
    },
    ("POST", OWN + "/hand-in"): OWNER_AND_STAFF
    | dict.fromkeys(("assistant", "instructor", "admin"), 404)
    | {"student": 409},
    ("GET", OWN + "/source"): OWNER_AND_STAFF,
    ("GET", GRADE): STAFF | {"student": 200},
    ("PATCH", GRADE): STAFF | dict.fromkeys(("assistant", "instructor", "admin"), 428),
    ("POST", GRADE + "/undo"): STAFF | dict.fromkeys(("assistant", "instructor", "admin"), 428),
    ("GET", "/api/v1/courses/{course_id}/grades/{user_id}"): STAFF | {"student": 200},
    ("GET", "/api/v1/courses/{course_id}/findings"): TEACHERS,
    ("GET", "/api/v1/assignments/{assignment_id}/findings"): TEACHERS,
    ("GET", "/api/v1/courses/{course_id}/appeals"): TEACHERS,
    ("POST", GRADE + "/appeals"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "student": 422},
    ("POST", "/api/v1/appeals/{appeal_id}/answer"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("POST", "/api/v1/appeals/{appeal_id}/reply"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("GET", GRADE + "/comments"): STAFF | {"student": 200},
    ("POST", GRADE + "/comments"): STAFF | dict.fromkeys(("assistant", "instructor", "admin"), 201),
    ("DELETE", "/api/v1/comments/{comment_id}"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("GET", EXTENSIONS): TEACHERS,
    ("POST", EXTENSIONS): STAFF | dict.fromkeys(("assistant", "instructor", "admin"), 404),
    ("DELETE", "/api/v1/extensions/{extension_id}"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("GET", LATE_DAYS): MEMBERS,
    ("PUT", LATE_DAYS): MEMBERS | dict.fromkeys(ROLES[2:], 428),
    ("PUT", "/api/v1/courses/{course_id}/late-days"): MANAGERS | UNSEEN,
    ("GET", SECTIONS): TEACHERS,
    ("POST", SECTIONS): MANAGERS | dict.fromkeys(("instructor", "admin"), 422),
    ("GET", "/api/v1/sections/{section_id}"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("PATCH", "/api/v1/sections/{section_id}"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("DELETE", "/api/v1/sections/{section_id}"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("PUT", "/api/v1/courses/{course_id}/people/{user_id}/sections"): MANAGERS | UNSEEN,
    ("GET", PEOPLE): STAFF,
    ("POST", PEOPLE): MANAGERS | dict.fromkeys(("instructor", "admin"), 422),
    ("GET", PEOPLE + "/{user_id}"): STAFF,
    ("PATCH", PEOPLE + "/{user_id}"): MANAGERS | UNSEEN,
    ("POST", "/api/v1/courses/{course_id}/roster"): MANAGERS,
    ("GET", "/api/v1/courses/{course_id}/invitations"): MANAGERS,
    ("POST", "/api/v1/courses/{course_id}/invitations"): MANAGERS,
    ("PUT", PEOPLE + "/{user_id}/invitation"): MANAGERS,
    ("DELETE", PEOPLE + "/{user_id}/invitation"): MANAGERS
    | dict.fromkeys(("instructor", "admin"), 404),
    ("GET", HOOKS): MANAGERS,
    ("POST", HOOKS): MANAGERS | dict.fromkeys(("instructor", "admin"), 422),
    ("GET", SITE_HOOKS): ADMINS,
    ("POST", SITE_HOOKS): ADMINS | {"admin": 422},
    **{
        (verb, HOOK + part): dict.fromkeys(ROLES, 404) | {"nobody": 401}
        for verb, part in (
            *(("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/secret")),
            *(("POST", "/rotations"), ("POST", "/tests"), ("POST", "/replays")),
            *(("GET", "/deliveries"), ("POST", "/deliveries/{delivery_id}/replays")),
        )
    },
    ("GET", "/api/v1/tokens"): TOKENS,
    ("POST", "/api/v1/tokens"): TOKENS | dict.fromkeys(TEACHING, 422),
    ("DELETE", "/api/v1/tokens/{token_id}"): TOKENS | dict.fromkeys(TEACHING, 404),
    ("GET", TEAM): MEMBERS,
    ("PUT", TEAM): MEMBERS | dict.fromkeys(ROLES[2:], 428),
    ("POST", TEAM + "/invitations"): MEMBERS | dict.fromkeys(ROLES[2:], 409),
    ("DELETE", TEAM + "/invitations/{user_id}"): MEMBERS | dict.fromkeys(ROLES[2:], 409),
    ("DELETE", TEAMS + "/{team_id}/invitation"): MEMBERS | dict.fromkeys(ROLES[2:], 409),
    ("GET", TEAMS): TEACHERS,
    ("GET", TEAMS + "/members/{user_id}"): STAFF,
    ("PUT", TEAMS + "/members/{user_id}"): STAFF | IS_ALONE,
    ("POST", TEAMS + "/import"): STAFF | IS_ALONE,
    ("GET", GROUPS): MEMBERS,
    ("PUT", GROUPS): STAFF | {"assistant": 403, "instructor": 428, "admin": 428},
    ("GET", "/api/v1/courses/{course_id}/log"): STAFF,
    ("GET", REGRADES): STAFF,
    ("POST", REGRADES): STAFF | {"assistant": 403, "instructor": 422, "admin": 422},
    ("GET", REGRADE): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("GET", REGRADE + "/changes"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("POST", REGRADE + "/apply"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("POST", REGRADE + "/cancel"): EVERYBODY | dict.fromkeys(ROLES[1:], 404),
    ("POST", "/api/v1/submissions"): dict.fromkeys(ROLES, 207) | {"nobody": 401},
    ("GET", OWN): OWNER_AND_STAFF,
    ("POST", OWN + "/choose"): OWNER_AND_STAFF
    | dict.fromkeys(("assistant", "instructor", "admin"), 403)
    | {"student": 409},
    ("POST", LOOKS): OWNER_AND_STAFF
    | dict.fromkeys(("assistant", "instructor", "admin"), 403)
    | {"student": 404},
    ("GET", OWN + "/events"): OWNER_AND_STAFF,
    ("GET", OWN + "/receipt"): OWNER_AND_STAFF,
    ("GET", OWN + "/result-sheet"): OWNER_AND_STAFF,
    ("POST", "/api/v1/receipts/verify"): dict.fromkeys(ROLES, 422) | {"nobody": 401},
}
ACCOUNT = "/api/v1/service-accounts/{account_id}"  # of the course
OF_ACCOUNTS = {
    ("GET", "/api/v1/courses/{course_id}/service-accounts"): MANAGERS,
    ("POST", "/api/v1/courses/{course_id}/service-accounts"): MANAGERS
    | dict.fromkeys(("instructor", "admin"), 422),
    ("GET", "/api/v1/service-accounts"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "admin": 200},
    ("POST", "/api/v1/service-accounts"): dict.fromkeys(ROLES, 403) | {"nobody": 401, "admin": 422},
    ("GET", ACCOUNT): MANAGERS,
    ("PATCH", ACCOUNT): MANAGERS | UNSEEN,
    ("GET", ACCOUNT + "/tokens"): MANAGERS,
    ("POST", ACCOUNT + "/tokens"): MANAGERS | dict.fromkeys(("instructor", "admin"), 422),
    ("DELETE", ACCOUNT + "/tokens/{token_id}"): MANAGERS
    | dict.fromkeys(("instructor", "admin"), 404),
}
TABLE |= OF_ACCOUNTS
OF_PROGRAMS = {
    **dict.fromkeys(OF_ACCOUNTS, 403),
    ("POST", "/api/v1/assignments/{assignment_id}/submissions"): 403,
    ("POST", "/api/v1/assignments/{assignment_id}/trials"): 403,
    ("PUT", LATE_DAYS): 403,
    ("POST", "/api/v1/courses/{course_id}/copies"): 403,
    ("POST", "/api/v1/tokens"): 403,  # without its course
    ("POST", TEAM + "/invitations"): 403,
    ("DELETE", TEAM + "/invitations/{user_id}"): 403,
    ("DELETE", TEAMS + "/{team_id}/invitation"): 403,
}
"""What a service account of the course is answered where it is not what an instructor is."""
BODIES: dict[str, dict[str, object]] = {
    "/api/v1/courses": {"code": " ", "title": " "},
    "/api/v1/courses/{course_id}": {},
    "/api/v1/courses/{course_id}/copies": {"code": " "},
    "/api/v1/courses/{course_id}/assignments": {},
    "/api/v1/assignments/{assignment_id}/copies": {},
    "/api/v1/assignments/{assignment_id}": {},
    GROUPS: {"groups": []},
    "/api/v1/submissions": {"submissions": [{"assignment": 2**31 - 1, "text": "x = 1"}]},
    REGRADES: {"submission": str(uuid4())},
    REGRADE + "/apply": {"reason": "So it is."},
    LATE_DAYS: {"days": 0},
    "/api/v1/courses/{course_id}/exports": {"what": "grades.csv"},
    "/api/v1/courses/{course_id}/late-days": {"days": 0},
    TEAM: {"team": 1},
    TEAM + "/invitations": {"student": "a@b.example"},
    TEAMS + "/members/{user_id}": {"team": "A"},
    TEAMS + "/import": {"text": "team,email\n"},
    SECTIONS: {"title": " "},
    "/api/v1/sections/{section_id}": {"title": "A"},
    "/api/v1/courses/{course_id}/people/{user_id}/sections": {"sections": []},
    PEOPLE: {"email": "no address"},
    PEOPLE + "/{user_id}": {"role": "student"},
    "/api/v1/courses/{course_id}/roster": {"text": "email\nsam@uni.example\n"},
    "/api/v1/courses/{course_id}/invitations": {},
    PEOPLE + "/{user_id}/invitation": {},
    "/api/v1/courses/{course_id}/service-accounts": {"name": " "},
    "/api/v1/service-accounts": {"name": " "},
    ACCOUNT: {"active": True},
    ACCOUNT + "/tokens": {"name": "of none", "scopes": ["of none"]},
    "/api/v1/tokens": {"name": "of none", "scopes": ["of none"]},
    HOOKS: {"url": "nowhere", "title": " "},
    SITE_HOOKS: {"url": "nowhere", "title": " "},
    HOOK: {"enabled": False},
    HOOK + "/rotations": {},
    HOOK + "/tests": {},
    HOOK + "/replays": {"since": "2026-11-01T00:00:00Z"},
    HOOK + "/deliveries/{delivery_id}/replays": {},
    EXTENSIONS: {"student": 2**31 - 1, "attempts": 1, "reason": "So it is."},
    GRADE + "/appeals": {"exercise": "sum", "check": "none of ours", "text": "Why?"},
    GRADE + "/comments": {"text": "So it is."},
    "/api/v1/appeals/{appeal_id}/answer": {"text": "So it is."},
    "/api/v1/appeals/{appeal_id}/reply": {"text": "So it is."},
    GRADE: {"reason": "So it is."},
    GRADE + "/undo": {"entry": 1},
    LOOKS: {"step": "family"},
    FILL: {"text": "email,grade\nsam@uni.example,1\n"},
}
