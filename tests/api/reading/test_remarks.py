"""What staff alone are told of a submission reaches them, and nobody else."""

from __future__ import annotations

from app.models import Assignment
from tests.api.handing_in.test_handing_in import GOOD, graded, hand_in
from tests.support.cast import Person

COMPLEX_STEP = GOOD.replace(
    b"        return g * y * (1 - y)\n",
    b"        z = torch.log(y / (1 - y)).double()\n"
    b"        z = torch.complex(z, torch.full_like(z, 1e-30))\n"
    b"        return g * ((1 / (1 + torch.exp(-z))).imag / 1e-30).to(y.dtype)\n",
)


def test_a_remark_is_for_staff_alone_and_is_counted_in_the_gradebook(
    student: Person, instructor: Person, assistant: Person, assignment: Assignment
) -> None:
    found = graded(student, receipt := hand_in(student, assignment, COMPLEX_STEP))
    assert found["remarks"] is None
    path = f"/submissions/{receipt.json()['id']}"
    for person in (instructor, assistant):
        (remark,) = person.api.get(path).json()["remarks"]
        assert (remark["name"], remark["exercise"]) == ("complex-numbers", "sigmoid")
        assert remark["line"] == 14
        assert "For staff alone" in person.web.get(path).text
    assert "For staff alone" not in student.web.get(path).text
    book = instructor.api.get(f"/courses/{assignment.course_id}/gradebook").json()
    assert [cell["remarks"] for row in book["students"] for cell in row["scores"]] == [1]


def test_an_honest_file_has_no_remark(
    student: Person, instructor: Person, assignment: Assignment
) -> None:
    receipt = hand_in(student, assignment)
    graded(student, receipt)
    assert instructor.api.get(f"/submissions/{receipt.json()['id']}").json()["remarks"] == []
