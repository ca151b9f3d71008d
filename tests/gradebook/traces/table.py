"""Owns the table of routes that change anything and leave a trace: how each is asked."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.gradebook.traces import webhooks
from tests.gradebook.traces.scene import Scene
from tests.pages.staff.test_making_assignments import FORM
from tests.support.forms import press

Change = Callable[[Scene], httpx.Response]
GRADE = "/assignments/{assignment_id}/grades/{user_id}"
TEAM = "/assignments/{assignment_id}/team"
TRACED: dict[tuple[str, str], Change] = webhooks.TRACED | {
    ("POST", "/courses/new"): lambda s: press(
        s.admin.web, "/courses/new", "/courses/new", code=f"new-{s.course.id}", title="New"
    ),
    ("POST", "/courses/{course_id}/settings"): lambda s: s.press(
        f"{s.at}/settings", f"{s.at}/settings", term="Winter"
    ),
    ("POST", "/courses/{course_id}/student-view"): Scene.look_as_student,
    ("POST", "/courses/{course_id}/archive"): lambda s: s.press(
        f"{s.at}/settings", f"{s.at}/archive"
    ),
    ("POST", "/courses/{course_id}/reopen"): Scene.archive_and_reopen,
    ("POST", "/courses/{course_id}/delete"): Scene.delete_the_copy,
    ("POST", "/courses/{course_id}/copy"): lambda s: s.press(
        f"{s.at}/copy", f"{s.at}/copy", code=f"copy-{s.course.id}"
    ),
    ("POST", "/assignments/{assignment_id}/copy"): lambda s: s.press(*(f"{s.sheet}/copy",) * 2),
    ("POST", "/assignments/{assignment_id}/delete"): Scene.delete_the_copied_sheet,
    ("POST", "/api/v1/courses"): lambda s: s.admin.api.post(
        "/courses", json={"code": f"new-{s.course.id}", "title": "New"}
    ),
    ("PATCH", "/api/v1/courses/{course_id}"): lambda s: s.patch(s.at, term="Winter"),
    ("DELETE", "/api/v1/courses/{course_id}"): lambda s: s.delete(s.copy_course()),
    ("POST", "/api/v1/courses/{course_id}/copies"): lambda s: s.instructor.api.post(
        f"{s.at}/copies", json={"code": f"copy-{s.course.id}"}
    ),
    ("POST", "/api/v1/courses/{course_id}/assignments"): lambda s: s.instructor.api.post(
        f"{s.at}/assignments",
        json={"title": "New", "exercises": [{"slug": "sum", "points": 1}]},
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/copies"): lambda s: s.instructor.api.post(
        f"{s.sheet}/copies", json={}
    ),
    ("DELETE", "/api/v1/assignments/{assignment_id}"): lambda s: s.delete(s.copy_sheet()),
    ("POST", "/api/v1/courses/{course_id}/people"): lambda s: s.instructor.api.post(
        s.people, json={"email": s.admin.email, "role": "assistant"}
    ),
    ("PATCH", "/api/v1/courses/{course_id}/people/{user_id}"): lambda s: s.patch(
        f"{s.people}/{s.student.user.id}", role="assistant"
    ),
    ("POST", "/api/v1/courses/{course_id}/roster"): lambda s: s.instructor.api.post(
        f"{s.at}/roster", json={"text": f"email\n{s.admin.email}\n", "dry_run": False}
    ),
    ("POST", "/courses/{course_id}/service-accounts"): lambda s: s.instructor.web.post(
        f"{s.at}/service-accounts", data={"name": "Moodle"}
    ),
    ("POST", "/service-accounts/{account_id}/active"): lambda s: s.instructor.web.post(
        f"{s.program().at}/active", data={"active": "false"}
    ),
    ("POST", "/service-accounts/{account_id}/tokens"): lambda s: s.instructor.web.post(
        f"{s.program().at}/tokens", data={"name": "nightly", "scope": "gradebook:read"}
    ),
    ("POST", "/service-accounts/{account_id}/tokens/{token_id}/revoke"): lambda s: s.press(
        (program := s.program_with_token()).at, f"{program.at}/tokens/{s.token_of(program)}/revoke"
    ),
    ("POST", "/api/v1/courses/{course_id}/service-accounts"): lambda s: s.instructor.api.post(
        f"{s.at}/service-accounts", json={"name": "Moodle"}
    ),
    ("PATCH", "/api/v1/service-accounts/{account_id}"): lambda s: s.patch(
        s.program().at, active=False
    ),
    ("POST", "/api/v1/service-accounts/{account_id}/tokens"): lambda s: s.instructor.api.post(
        f"{s.program().at}/tokens", json={"name": "nightly", "scopes": ["gradebook:read"]}
    ),
    ("DELETE", "/api/v1/service-accounts/{account_id}/tokens/{token_id}"): lambda s: (
        s.instructor.api.delete(
            f"{(program := s.program_with_token()).at}/tokens/{s.token_of(program)}"
        )
    ),
    ("POST", "/courses/{course_id}/people"): Scene.add_person,
    ("POST", "/courses/{course_id}/people/import"): Scene.import_people,
    ("POST", "/courses/{course_id}/people/{user_id}/role"): lambda s: s.press(
        s.people, f"{s.people}/{s.student.user.id}/role", role="assistant"
    ),
    ("POST", "/courses/{course_id}/people/{user_id}/remove"): lambda s: s.press(
        s.people, f"{s.people}/{s.student.user.id}/remove"
    ),
    ("POST", "/courses/{course_id}/late-days"): lambda s: s.press(
        f"/courses/{s.course.id}/late-days", f"/courses/{s.course.id}/late-days", days="3"
    ),
    ("PUT", "/api/v1/courses/{course_id}/late-days"): Scene.late_days,
    ("POST", "/assignments/{assignment_id}/late-days"): Scene.spend,
    ("PUT", "/api/v1/assignments/{assignment_id}/late-days"): Scene.spend_by_api,
    ("POST", "/courses/{course_id}/people/{user_id}/sections"): Scene.put,
    ("PUT", "/api/v1/courses/{course_id}/people/{user_id}/sections"): Scene.put_by_api,
    ("POST", "/courses/{course_id}/sections"): lambda s: s.instructor.web.post(
        f"/courses/{s.course.id}/sections", data={"title": "Monday"}
    ),
    ("POST", "/api/v1/courses/{course_id}/sections"): lambda s: s.instructor.api.post(
        f"/courses/{s.course.id}/sections", json={"title": "Monday"}
    ),
    ("POST", "/sections/{section_id}"): lambda s: s.instructor.web.post(
        f"/sections/{s.section()}", data={"remove": "yes"}
    ),
    ("PATCH", "/api/v1/sections/{section_id}"): Scene.rename_section,
    ("DELETE", "/api/v1/sections/{section_id}"): lambda s: s.instructor.api.delete(
        f"/sections/{s.section()}"
    ),
    ("POST", "/courses/{course_id}/assignments/new"): lambda s: s.instructor.web.post(
        f"/courses/{s.course.id}/assignments/new", data=FORM
    ),
    ("POST", "/assignments/{assignment_id}/publish"): lambda s: s.instructor.web.post(
        f"{s.copy_sheet()}/publish"
    ),
    ("POST", "/assignments/{assignment_id}/edit"): lambda s: s.press(
        f"/assignments/{s.assignment.id}/edit", f"/assignments/{s.assignment.id}/edit", title="New"
    ),
    ("POST", "/courses/{course_id}/exports"): lambda s: s.instructor.web.post(
        f"{s.at}/exports", data={"what": "hand-ins"}
    ),
    ("POST", "/exports/{export_id}/delete"): lambda s: s.instructor.web.post(
        f"{s.export()}/delete"
    ),
    ("POST", "/api/v1/courses/{course_id}/exports"): Scene.ask_for_export,
    ("DELETE", "/api/v1/exports/{export_id}"): lambda s: s.instructor.api.delete(s.export()),
    ("POST", "/assignments/{assignment_id}/release"): lambda s: s.release(s.instructor.web),
    ("POST", "/assignments/{assignment_id}/release/take-back"): Scene.take_back,
    ("POST", "/api/v1/assignments/{assignment_id}/release"): lambda s: s.release(s.instructor.api),
    ("DELETE", "/api/v1/assignments/{assignment_id}/release"): Scene.take_back_by_api,
    ("POST", "/assignments/{assignment_id}/regrades"): Scene.grade_again,
    ("POST", "/regrades/{regrade_id}/apply"): lambda s: s.press(
        (here := s.preview()), f"{here}/apply", reason="So it is."
    ),
    ("POST", "/regrades/{regrade_id}/cancel"): lambda s: s.instructor.web.post(
        f"{s.preview()}/cancel"
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/regrades"): Scene.grade_again_by_api,
    ("POST", "/api/v1/regrades/{regrade_id}/apply"): lambda s: s.instructor.api.post(
        f"{s.preview()}/apply", json={"reason": "So it is."}
    ),
    ("POST", "/api/v1/regrades/{regrade_id}/cancel"): lambda s: s.instructor.api.post(
        f"{s.preview()}/cancel"
    ),
    ("POST", "/submissions/{submission_id}/choose"): lambda s: s.choose(s.student.web),
    ("POST", "/api/v1/submissions/{submission_id}/choose"): lambda s: s.choose(s.student.api),
    ("POST", GRADE + "/extension"): Scene.extend,
    ("POST", "/assignments/{assignment_id}/extensions"): Scene.extend_in_the_list,
    ("POST", "/extensions/{extension_id}/take-back"): lambda s: s.instructor.web.post(
        f"/extensions/{s.extend_by_api().json()['id']}/take-back"
    ),
    ("POST", "/api/v1/assignments/{assignment_id}/extensions"): Scene.extend_by_api,
    ("DELETE", "/api/v1/extensions/{extension_id}"): lambda s: s.instructor.api.delete(
        f"/extensions/{s.extend_by_api().json()['id']}"
    ),
    ("POST", TEAM): Scene.join,
    ("PUT", "/api/v1" + TEAM): Scene.join_by_api,
    ("POST", f"/api/v1{TEAM}/invitations"): Scene.invite_by_api,
    ("DELETE", f"/api/v1{TEAM}/invitations/{{user_id}}"): Scene.take_invitation_back,
    ("DELETE", f"/api/v1{TEAM}s/{{team_id}}/invitation"): Scene.decline,
    ("POST", TEAM + "s"): Scene.put_into_team,
    ("POST", TEAM + "s/import"): Scene.import_teams,
    ("PUT", f"/api/v1{TEAM}s/members/{{user_id}}"): Scene.put_into_team_by_api,
    ("POST", f"/api/v1{TEAM}s/import"): Scene.import_teams_by_api,
    ("POST", GRADE + "/appeals"): Scene.ask,
    ("POST", "/appeals/{appeal_id}/reply"): lambda s: s.student.web.post(
        f"{s.appeal()}/reply", data={"withdraw": "yes"}
    ),
    ("POST", "/appeals/{appeal_id}/answer"): lambda s: s.instructor.web.post(
        f"{s.appeal()}/answer", data={"text": "It is right as it is."}
    ),
    ("POST", GRADE + "/comments"): lambda s: s.press(
        s.grade, f"{s.grade}/comments", text="Well done."
    ),
    ("POST", "/comments/{comment_id}/withdraw"): lambda s: s.instructor.web.post(
        f"/comments/{s.comment_by_api().json()['id']}/withdraw"
    ),
    ("POST", "/api/v1" + GRADE + "/appeals"): Scene.ask_by_api,
    ("POST", "/api/v1/appeals/{appeal_id}/reply"): lambda s: s.student.api.post(
        f"{s.appeal()}/reply", json={"text": "It is line 3."}
    ),
    ("POST", "/api/v1/appeals/{appeal_id}/answer"): lambda s: s.instructor.api.post(
        f"{s.appeal()}/answer", json={"text": "It is right as it is."}
    ),
    ("POST", "/api/v1" + GRADE + "/comments"): Scene.comment_by_api,
    ("DELETE", "/api/v1/comments/{comment_id}"): lambda s: s.instructor.api.delete(
        f"/comments/{s.comment_by_api().json()['id']}"
    ),
    ("POST", "/courses/{course_id}/groups"): Scene.weigh,
    ("PUT", "/api/v1/courses/{course_id}/groups"): Scene.weigh_by_api,
    ("POST", GRADE): Scene.change_grade,
    ("POST", GRADE + "/undo"): Scene.undo,
    ("PATCH", "/api/v1/assignments/{assignment_id}"): lambda s: s.patch(s.sheet, title="New"),
    ("PATCH", "/api/v1" + GRADE): lambda s: s.patch(s.grade, score=1, reason="So it is."),
    ("POST", "/api/v1" + GRADE + "/undo"): Scene.undo_by_api,
}
