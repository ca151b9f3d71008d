"""Owns a course in which everything can be changed, by page and by API."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from app.models import Assignment, Course, Submission
from tests.support.cast import Person
from tests.support.forms import Forms, press
from tests.support.matching import put
from tests.support.programs import Program
from tests.support.waiting import wait_for


@dataclass(frozen=True)
class Scene:
    """A course whose student has a graded attempt."""

    admin: Person
    instructor: Person
    student: Person
    course: Course
    assignment: Assignment
    submission: Submission

    @property
    def grade(self) -> str:
        return f"/assignments/{self.assignment.id}/grades/{self.student.user.id}"

    @property
    def at(self) -> str:
        return f"/courses/{self.course.id}"

    @property
    def sheet(self) -> str:
        return f"/assignments/{self.assignment.id}"

    @property
    def people(self) -> str:
        return f"/courses/{self.course.id}/people"

    def press(self, page: str, action: str, **changes: str) -> httpx.Response:
        return press(self.instructor.web, page, action, **changes)

    def grade_again(self) -> httpx.Response:
        return self.instructor.web.post(f"/assignments/{self.assignment.id}/regrades")

    def grade_again_by_api(self) -> httpx.Response:
        here = f"/assignments/{self.assignment.id}/regrades"
        return self.instructor.api.post(here, json={})

    def preview(self) -> str:
        """A preview that is worked out."""
        here = f"/regrades/{self.grade_again_by_api().json()['id']}"
        look = self.instructor.api.get
        wait_for(lambda: look(here).json()["state"] == "ready", "the preview")
        return here

    def ask_for_export(self) -> httpx.Response:
        return self.instructor.api.post(f"{self.at}/exports", json={"what": "grades.csv"})

    def export(self) -> str:
        """An export that was asked for."""
        return f"/exports/{self.ask_for_export().json()['id']}"

    def add_person(self) -> httpx.Response:
        typed = {"email": self.admin.email, "role": "assistant"}
        return self.press(self.people, self.people, **typed)

    def import_people(self) -> httpx.Response:
        upload = f"{self.people}/import"
        data = {"text": f"email,role\n{self.admin.email},assistant\n"}
        shown = Forms(upload, self.instructor.web.post(upload, data=data).text)
        (fields,) = (fields for _, _, fields in shown.found if "confirmed" in fields)
        return self.instructor.web.post(upload, data=fields)

    def change_grade(self) -> httpx.Response:
        return self.press(self.grade, self.grade, score="1", reason="So it is.")

    def undo(self) -> httpx.Response:
        self.change_grade()
        return self.press(self.grade, f"{self.grade}/undo")

    def patch(self, path: str, **change: object) -> httpx.Response:
        match = {"If-Match": self.instructor.api.get(path).headers["etag"]}
        return self.instructor.api.patch(path, json=change, headers=match)

    def archive_and_reopen(self) -> httpx.Response:
        self.patch(self.at, archived=True)
        return self.instructor.web.post(f"{self.at}/reopen")

    def delete(self, path: str) -> httpx.Response:
        match = {"If-Match": self.instructor.api.get(path).headers["etag"]}
        return self.instructor.api.delete(path, headers=match)

    def copy_sheet(self) -> str:
        """Where a copy of the assignment is."""
        made = self.instructor.api.post(f"{self.sheet}/copies", json={}).json()
        return f"/assignments/{made['id']}"

    def copy_course(self) -> str:
        """Where a copy of the course is, in which nothing is any more."""
        wanted = {"code": f"copy-{self.course.id}"}
        made = self.instructor.api.post(f"{self.at}/copies", json=wanted).json()
        path = f"/courses/{made['id']}"
        for one in self.instructor.api.get(f"{path}/assignments").json():
            self.delete(f"/assignments/{one['id']}")
        return path

    def delete_the_copy(self) -> httpx.Response:
        copy = self.copy_course()
        return self.press(f"{copy}/settings", f"{copy}/delete")

    def delete_the_copied_sheet(self) -> httpx.Response:
        copy = self.copy_sheet()
        return self.press(f"{copy}/copy", f"{copy}/delete")

    def look_as_student(self) -> httpx.Response:
        """Look at the student's grade as the student does."""
        return self.press(self.grade, f"{self.at}/student-view")

    def program(self) -> Program:
        """A service account of the course."""
        return Program.of(self.instructor, self.course)

    def program_with_token(self) -> Program:
        """One that has a token."""
        program = self.program()
        program.token("gradebook:read")
        return program

    def token_of(self, program: Program) -> int:
        """The number of its token."""
        (found,) = self.instructor.api.get(f"{program.at}/tokens").json()
        return int(found["id"])

    def let_wait(self) -> None:
        """Have the score wait to be released."""
        self.patch(self.sheet, visibility={"score": "after release"})

    def release(self, client: httpx.Client) -> httpx.Response:
        """Release the results."""
        self.let_wait()
        return client.post(f"{self.sheet}/release")

    def take_back(self) -> httpx.Response:
        """Take the release back, by the button on the assignment's page."""
        self.release(self.instructor.web)
        return self.press(self.sheet, f"{self.sheet}/release/take-back")

    def take_back_by_api(self) -> httpx.Response:
        self.release(self.instructor.web)
        return self.instructor.api.delete(f"{self.sheet}/release")

    def weigh(self) -> httpx.Response:
        groups = f"/courses/{self.course.id}/groups"
        return self.press(groups, groups, **{"title-0": "Homework"})

    def weigh_by_api(self) -> httpx.Response:
        groups = f"/courses/{self.course.id}/groups"
        match = {"If-Match": self.instructor.api.get(groups).headers["etag"]}
        change = {"groups": [{"title": "Homework"}]}
        return self.instructor.api.put(groups, json=change, headers=match)

    def choose(self, person: httpx.Client) -> httpx.Response:
        self.patch(f"/assignments/{self.assignment.id}", counts="chosen")
        return person.post(f"/submissions/{self.submission.id}/choose")

    def limit(self) -> None:
        self.patch(f"/assignments/{self.assignment.id}", max_attempts=3)

    def extend(self) -> httpx.Response:
        self.limit()
        more = {"attempts": "1", "reason": "Was ill."}
        return self.press(self.grade, f"{self.grade}/extension", **more)

    def extend_in_the_list(self) -> httpx.Response:
        self.limit()
        here = f"/assignments/{self.assignment.id}/extensions"
        more = {"attempts": "1", "reason": "Was ill.", "student": self.student.email}
        return self.press(here, here, **more)

    def extend_by_api(self) -> httpx.Response:
        self.limit()
        more = {"attempts": 1, "reason": "Was ill.", "student": self.student.user.id}
        return self.instructor.api.post(f"/assignments/{self.assignment.id}/extensions", json=more)

    def section(self, title: str = "Monday") -> int:
        path = f"/courses/{self.course.id}/sections"
        made = self.instructor.api.post(path, json={"title": title})
        return int(made.json()["id"])

    def rename_section(self) -> httpx.Response:
        return self.patch(f"/sections/{self.section()}", title="Tuesday")

    def put(self) -> httpx.Response:
        self.section()
        action = f"{self.people}/{self.student.user.id}/sections"
        return self.press(self.people, action, titles="Monday")

    def put_by_api(self) -> httpx.Response:
        self.section()
        at = f"{self.people}/{self.student.user.id}"
        return put(self.instructor.api, f"{at}/sections", at, sections=["monday"])

    def late_days(self) -> httpx.Response:
        due = {"due_at": "2150-01-01", "late_days": 1}
        self.patch(f"/assignments/{self.assignment.id}", **due)
        path = f"/courses/{self.course.id}/late-days"
        return put(self.instructor.api, path, self.at, days=3)

    def spend(self) -> httpx.Response:
        self.late_days()
        here = f"/assignments/{self.assignment.id}/late-days"
        return self.student.web.post(here, data={"days": "1"})

    def spend_by_api(self) -> httpx.Response:
        self.late_days()
        here = f"/assignments/{self.assignment.id}/late-days"
        return put(self.student.api, here, days=1)

    def in_teams(self) -> int:
        """The number of a team that asks the student to join."""
        self.patch(self.sheet, team_size=2)
        self.press(self.people, self.people, email=self.admin.email, role="student")
        asked = {"student": self.student.email}
        return int(self.admin.api.post(f"{self.sheet}/team/invitations", json=asked).json()["team"])

    def join(self) -> httpx.Response:
        return self.student.web.post(f"{self.sheet}/team", data={"accept": str(self.in_teams())})

    def join_by_api(self) -> httpx.Response:
        team = self.in_teams()
        return put(self.student.api, f"{self.sheet}/team", team=team)

    def invite_by_api(self) -> httpx.Response:
        self.in_teams()
        asked = {"student": self.admin.email}
        return self.student.api.post(f"{self.sheet}/team/invitations", json=asked)

    def take_invitation_back(self) -> httpx.Response:
        self.invite_by_api()
        path = f"{self.sheet}/team/invitations/{self.admin.user.id}"
        return self.student.api.delete(path)

    def decline(self) -> httpx.Response:
        return self.student.api.delete(f"{self.sheet}/teams/{self.in_teams()}/invitation")

    def put_into_team(self) -> httpx.Response:
        self.patch(self.sheet, team_size=2)
        data = {"student": self.student.email, "team": "Red"}
        return self.instructor.web.post(f"{self.sheet}/teams", data=data)

    def put_into_team_by_api(self) -> httpx.Response:
        self.patch(self.sheet, team_size=2)
        path = f"{self.sheet}/teams/members/{self.student.user.id}"
        return put(self.instructor.api, path, team="Red")

    def import_teams(self) -> httpx.Response:
        self.patch(self.sheet, team_size=2)
        data = {"text": f"team,email\nRed,{self.student.email}\n", "confirmed": "true"}
        return self.instructor.web.post(f"{self.sheet}/teams/import", data=data)

    def import_teams_by_api(self) -> httpx.Response:
        self.patch(self.sheet, team_size=2)
        sent = {"text": f"team,email\nRed,{self.student.email}\n", "dry_run": False}
        return self.instructor.api.post(f"{self.sheet}/teams/import", json=sent)

    def ask(self) -> httpx.Response:
        data = {"about": "sum", "text": "Please look again."}
        return self.student.web.post(f"{self.grade}/appeals", data=data)

    def ask_by_api(self) -> httpx.Response:
        asked = {"exercise": "sum", "text": "Please look again."}
        return self.student.api.post(f"{self.grade}/appeals", json=asked)

    def appeal(self) -> str:
        return f"/appeals/{self.ask_by_api().json()['id']}"

    def comment_by_api(self) -> httpx.Response:
        return self.instructor.api.post(f"{self.grade}/comments", json={"text": "Well done."})

    def undo_by_api(self) -> httpx.Response:
        self.change_grade()
        log = self.instructor.api.get(f"/courses/{self.course.id}/log").json()
        match = {"If-Match": self.instructor.api.get(self.grade).headers["etag"]}
        return self.instructor.api.post(
            f"{self.grade}/undo", json={"entry": log[0]["id"]}, headers=match
        )
