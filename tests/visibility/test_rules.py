"""What is shown when: the rules, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.timing.windows import Extension, Window
from app.visibility import reports
from app.visibility.rules import PARTS, WHOLE, Meanwhile, Rules, Shown, Sight, When
from graders.model.exercise import FAMILIES
from tests.visibility.reports import CHECKS, exercise, hidden

DUE = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
rules = some.builds(
    Rules,
    some.dictionaries(some.sampled_from(PARTS), some.sampled_from(When)),
    some.sampled_from(Meanwhile),
)
windows = some.builds(
    Window,
    due_at=some.none() | some.just(DUE),
    grace=some.sampled_from([timedelta(0), HOUR]),
)
moments = some.integers(-3, 3).map(lambda hours: DUE + hours * HOUR)
sights = some.builds(
    lambda held, window, released, moment: held.sight(window, released=released, moment=moment),
    rules,
    windows,
    some.booleans(),
    moments,
)
failures = some.frozensets(some.sampled_from(CHECKS))


@given(window=windows, released=some.booleans(), moment=moments)
def test_where_nothing_is_set_everything_is_shown_at_once(
    window: Window, released: bool, moment: datetime
) -> None:
    assert Rules().sight(window, released=released, moment=moment) == WHOLE
    assert not Rules().hide


@given(held=rules, window=windows, moment=moments)
def test_more_is_shown_by_releasing_and_taking_back_shows_as_much_as_before(
    held: Rules, window: Window, moment: datetime
) -> None:
    before = held.sight(window, released=False, moment=moment)
    after = held.sight(window, released=True, moment=moment)
    assert before.families <= after.families
    assert before.feedback <= after.feedback
    assert order(before) <= order(after)
    assert held.sight(window, released=False, moment=moment) == before


@given(held=rules, window=windows, released=some.booleans(), moment=moments)
def test_as_time_goes_by_nothing_is_hidden_again(
    held: Rules, window: Window, released: bool, moment: datetime
) -> None:
    now = held.sight(window, released=released, moment=moment)
    later = held.sight(window, released=released, moment=moment + HOUR)
    assert now.families <= later.families
    assert now.feedback <= later.feedback
    assert order(now) <= order(later)


@given(held=rules, window=windows, released=some.booleans(), moment=moments)
def test_the_whole_score_comes_no_sooner_than_the_checks_that_are_ever_shown(
    held: Rules, window: Window, released: bool, moment: datetime
) -> None:
    now = held.sight(window, released=released, moment=moment)
    hidden_for_good = {one for one in FAMILIES if When.NEVER in held.waits_for(one)}
    if now.score is Shown.WHOLE:
        assert now.families | hidden_for_good == set(FAMILIES)
        assert set(held.score_tells_of) == hidden_for_good


@given(held=rules, released=some.booleans(), moment=moments)
def test_who_has_more_time_sees_after_their_own_due_date(
    held: Rules, released: bool, moment: datetime
) -> None:
    usual = Window(due_at=DUE)
    longer = usual.extended(Extension(due_at=DUE + HOUR))
    seen = held.sight(usual, released=released, moment=moment)
    assert held.sight(longer, released=released, moment=moment + HOUR) == seen


@given(held=rules, window=windows, released=some.booleans(), moment=moments)
def test_what_is_never_shown_never_is(
    held: Rules, window: Window, released: bool, moment: datetime
) -> None:
    sight = held.sight(window, released=released, moment=moment)
    never = {part for part, when in held.shown.items() if when is When.NEVER}
    assert not never & sight.families
    assert not (sight.feedback and "feedback" in never)
    assert not (sight.score is Shown.WHOLE and "score" in never)


def test_a_check_is_not_shown_before_those_that_it_is_built_on() -> None:
    late = When.AFTER_RELEASE
    built_on = {"forward": set(), "gradient": {"contract", "forward"}}
    built_on["robustness"] = {"contract", "forward", "gradient", "requires_grad"}
    for hidden_one, shown in built_on.items():
        sight = Rules({hidden_one: late}).sight(Window(), released=False, moment=DUE)
        assert sight.families == shown


def test_in_grace_it_is_not_after_the_due_date_yet() -> None:
    held = Rules({"score": When.AFTER_DUE}, Meanwhile.NONE)
    window = Window(due_at=DUE, grace=HOUR)
    assert held.sight(window, released=False, moment=DUE + HOUR).score is Shown.NONE
    after = DUE + HOUR + timedelta(seconds=1)
    assert held.sight(window, released=False, moment=after).score is Shown.WHOLE


def test_where_no_check_is_shown_no_part_of_a_score_is() -> None:
    held = Rules(dict.fromkeys(PARTS, When.AFTER_RELEASE), Meanwhile.PART)
    sight = held.sight(Window(), released=False, moment=DUE)
    assert (sight.families, sight.score) == (frozenset(), Shown.NONE)


@given(sight=sights, shown=failures, some_hidden=failures, others_hidden=failures)
def test_two_reports_that_differ_in_hidden_checks_alone_are_told_alike(
    sight: Sight,
    shown: frozenset[tuple[str, str]],
    some_hidden: frozenset[tuple[str, str]],
    others_hidden: frozenset[tuple[str, str]],
) -> None:
    kept = frozenset(hidden(sight.families))
    one = exercise("sum", (shown - kept) | (some_hidden & kept))
    other = exercise("sum", (shown - kept) | (others_hidden & kept))
    # What decides on a misconception are everyday numbers; of those that are shown, it is theirs.
    other["diagnosis"] = one["diagnosis"] if shown - kept else other["diagnosis"]
    other["snippet"] = one["snippet"] if shown - kept else other["snippet"]
    if sight.has_all_checks:
        other = one
    assert reports.of_exercise(one, sight) == reports.of_exercise(other, sight)


@given(sight=sights, failed=failures)
def test_no_word_of_a_hidden_check_is_told(
    sight: Sight, failed: frozenset[tuple[str, str]]
) -> None:
    told = reports.of_exercise(exercise("sum", failed), sight)
    if sight.is_whole:
        return
    assert {check["family"] for check in told["checks"]} <= sight.families
    assert len(told["checks"]) == sum(family in sight.families for family, _ in CHECKS)
    if not sight.feedback:
        said = {check["message"] for check in told["checks"]}
        assert said <= {""}
        assert not any(check["exhibit"] or check["line"] for check in told["checks"])
        assert (told["summary"], told["diagnosis"], told["snippet"]) == ("", None, None)
    if sight.score is Shown.NONE:
        assert all(check["points"] is check["max_points"] is None for check in told["checks"])
    if not sight.has_all_checks:
        assert told["details"] == {}


@given(sight=sights, failed=failures)
def test_what_a_report_learns_to_say_later_is_hidden_at_first(
    sight: Sight, failed: frozenset[tuple[str, str]]
) -> None:
    report = exercise("sum", failed) | {"news": "Everything."}
    report["checks"] = [check | {"news": "Everything."} for check in report["checks"]]
    said = str(reports.of_exercise(report, sight))
    assert ("Everything." in said) is sight.is_whole


def test_only_notes_of_how_the_file_was_read_stay() -> None:
    kinds = ["unreadable", "raised", "ending", "output", "something new"]
    said = [{"kind": kind, "message": kind} for kind in kinds]
    some_hidden = Sight(frozenset(FAMILIES[:3]), feedback=True, score=Shown.PART)
    work = [exercise("sum", [("robustness", "empty")])]
    assert [note["kind"] for note in reports.notes(said, work, some_hidden)] == kinds[:2]
    assert reports.notes(said, work, WHOLE) == said
    only_score = Sight(WHOLE.families, feedback=True, score=Shown.NONE)
    assert reports.notes(said, work, only_score) == said


def test_why_a_run_was_stopped_is_told_where_it_reached_no_check_that_is_shown() -> None:
    said = [{"kind": "ending", "message": "The run was stopped."}]
    some_hidden = Sight(frozenset(FAMILIES[:3]), feedback=True, score=Shown.PART)
    nothing = Sight(frozenset(), feedback=False, score=Shown.NONE)
    work = exercise("sum", CHECKS)
    for check in work["checks"]:
        check["reason"] = "not-run"
    assert reports.notes(said, [work], some_hidden) == said
    assert reports.notes(said, [work], nothing) == []
    work["checks"][0]["reason"] = None
    assert reports.notes(said, [work], some_hidden) == []


def test_points_are_those_of_the_checks_that_are_shown() -> None:
    parts = [{"forward": [1.5, 2.0], "robustness": [0.1, 0.2]}, {"forward": [0.07, 0.1]}]
    sight = Sight(frozenset({"contract", "forward"}), feedback=True, score=Shown.PART)
    assert reports.points(parts, sight) == (1.57, 2.1)


def order(sight: Sight) -> int:
    """How much of the score is seen."""
    return (Shown.NONE, Shown.PART, Shown.WHOLE).index(sight.score)
