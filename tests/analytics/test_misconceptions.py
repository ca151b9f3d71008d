"""The atlas says which misconceptions a class has, who has one now, and who got over it."""

from __future__ import annotations

from app.analytics import overview
from app.analytics.misconceptions import Entry
from app.models import Assignment, Role
from tests.analytics.conftest import SOURCE, SWAPPED, Class_, shows
from tests.support.attempts import attempt


def atlas(class_: Class_) -> list[Entry]:
    class_.session.rollback()
    return overview.of_course(class_.session, class_.actor, class_.course.id).atlas


def test_each_student_counts_once_however_often_they_show_it(class_: Class_) -> None:
    for _ in range(3):
        class_.hands_in("Ada", 0.5, **shows(SWAPPED))
    class_.hands_in("Ben", 0.5, **shows(SWAPPED))
    class_.hands_in("Cem", 1.0, **shows(None))
    (entry,) = atlas(class_)
    assert (entry.slug, entry.name) == ("product", SWAPPED)
    assert (entry.had, entry.asked, entry.attempts) == (2, 3, 4)


def test_who_has_it_in_the_attempt_that_counts_has_it_now_and_who_is_right_there_got_over_it(
    class_: Class_,
) -> None:
    class_.hands_in("Ada", 0.5, **shows(SWAPPED))
    class_.hands_in("Ben", 0.5, **shows(SWAPPED))
    class_.hands_in("Ben", 1.0, **shows(None))
    class_.hands_in("Cem", 0.5, **shows(SWAPPED))
    class_.hands_in("Cem", 0.7, **shows(None))
    class_.hands_in("Dee", 0.7, **shows(None))
    class_.hands_in("Dee", 0.5, **shows(SWAPPED))
    (entry,) = atlas(class_)
    assert (entry.had, entry.now, entry.over) == (4, 1, 1)
    closer = overview.of_misconception(
        class_.session, class_.actor, class_.course.id, ("product", SWAPPED)
    )
    assert [
        (one.student.name, one.attempt.attempt, one.has_it, one.is_over) for one in closer.holders
    ] == [
        ("Ada", 1, True, False),
        ("Cem", 1, False, False),
        ("Dee", 2, False, False),
        ("Ben", 1, False, True),
    ]


def test_weeks_count_students_by_the_monday_in_the_courses_time_zone(class_: Class_) -> None:
    class_.course.timezone = "Pacific/Auckland"
    class_.session.merge(class_.course)
    class_.session.commit()
    class_.hands_in("Ada", 0.5, day=-0.2, **shows(SWAPPED))  # Sunday in UTC at 7, Monday there
    class_.hands_in("Ada", 0.5, day=1, **shows(SWAPPED))
    class_.hands_in("Ben", 0.5, day=14, **shows(SWAPPED))
    (entry,) = atlas(class_)
    weeks = {monday.date().isoformat(): number for monday, number in entry.weeks.items()}
    assert weeks == {"2026-11-02": 1, "2026-11-16": 1}
    closer = overview.of_misconception(
        class_.session, class_.actor, class_.course.id, ("product", SWAPPED)
    )
    assert [(bar.label, bar.number) for bar in closer.weeks.bars] == [
        ("2 Nov", 1), ("9 Nov", 0), ("16 Nov", 1),
    ]  # fmt: skip


def test_the_commonest_comes_first(class_: Class_) -> None:
    class_.hands_in("Ada", 0.5, **shows("rare"))
    for name in ("Ada", "Ben"):
        class_.hands_in(name, 0.5, **shows(SWAPPED))
    assert [entry.name for entry in atlas(class_)] == [SWAPPED, "rare"]


def test_staff_trials_and_who_has_left_are_not_the_class(class_: Class_) -> None:
    staff = class_.cast.person("Tutor", class_.course, Role.ASSISTANT)
    attempt(class_.session, class_.assignment, staff, 0.5, reports=shows(SWAPPED))
    assert atlas(class_) == []


def test_work_that_students_cannot_see_is_not_in_it(class_: Class_) -> None:
    class_.hands_in("Ada", 0.5, **shows(SWAPPED))
    sheet = class_.session.get_one(Assignment, class_.assignment.id)
    sheet.published = False
    class_.session.commit()
    assert atlas(class_) == []


def example(class_: Class_) -> str | None:
    closer = overview.of_misconception(
        class_.session, class_.actor, class_.course.id, ("product", SWAPPED)
    )
    return closer.example


def test_an_example_is_one_functions_lines_without_comments_texts_and_names(
    class_: Class_,
) -> None:
    class_.hands_in("Zoe Zander", 0.5, **shows(SWAPPED))
    shown = example(class_)
    assert shown is not None
    assert shown.splitlines()[0].strip() == "class Mul(torch.autograd.Function):"
    assert shown.splitlines()[-1].strip() == "return dzdy * x1, dzdy * x2"
    assert "Zoe" not in shown
    assert "Other" not in shown
    assert "@staticmethod" in shown


def test_no_example_has_anybodys_name_in_it(class_: Class_) -> None:
    named = SOURCE.replace(b"class Mul", b"class ZoesMul").replace(b"x1", b"zander_x")
    class_.hands_in("Zoe Zander", 0.5, source=named, **shows(SWAPPED))
    assert example(class_) is None
    class_.hands_in("Ben", 0.5, source=SOURCE + b"#" * 900, **shows(SWAPPED))
    shown = example(class_)
    assert shown is not None
    assert "zander" not in shown


def test_an_example_that_cannot_be_found_in_the_file_is_none(class_: Class_) -> None:
    class_.hands_in("Ada", 0.5, **shows(SWAPPED, line=None))
    class_.hands_in("Ben", 0.5, **shows(SWAPPED, line=4_000))
    class_.hands_in("Cem", 0.5, source=b"\xff\xfe\x00", **shows(SWAPPED, line=1))
    assert example(class_) is None


def test_the_number_of_queries_does_not_grow_with_the_class(class_: Class_) -> None:
    def look() -> None:
        overview.of_course(class_.session, class_.actor, class_.course.id)
        overview.of_assignment(class_.session, class_.actor, class_.assignment.id)
        overview.of_misconception(
            class_.session, class_.actor, class_.course.id, ("product", SWAPPED)
        )

    class_.hands_in("Ada", 0.5, **shows(SWAPPED))
    few = class_.queries(look)
    for name in ("Ben", "Cem", "Dee", "Eve"):
        for day in range(3):
            class_.hands_in(name, 0.5, day, **shows(SWAPPED if day else "another"))
    assert class_.queries(look) == few
