"""Owns how rules of time are said: the late policy, limits, what counts, what a hand-in would."""

from __future__ import annotations

from datetime import datetime

from app.models import Assignment, Kind, Submission, Trials
from app.rendering import formatting
from app.rendering.formatting import count, score
from app.timing.counting import Counts
from app.timing.late import Lateness, LatePolicy, Per, Unit
from app.timing.limits import Allowance
from app.timing.terms import Becomes, Prospect, Terms

WHAT_COUNTS = {
    Counts.BEST: "the best attempt",
    Counts.LATEST: "the latest attempt",
    Counts.ON_TIME: "the best attempt that came in time",
    Counts.CHOSEN: "the attempt that the student chooses",
}
_LONGEST = 60
_PER = {
    Per.DAY: " for each day that has begun",
    Per.HOUR: " for each hour that has begun",
    Per.ONCE: "",
}


def late_policy(terms: Terms) -> str:
    """What lateness costs, in one sentence without its full stop."""
    late, grace = terms.late, round(terms.window.grace.total_seconds() / 60)
    said = "Late work is marked as late and loses nothing"
    if late.amount:
        said = f"Late work loses {_taken(late, late.amount)}{_PER[late.per]}"
        if late.cap is not None and late.per is not Per.ONCE:
            said += f", {_taken(late, late.cap)} at most"
    return said + (f"; the first {count(grace, 'minute')} are in time" if grace else "")


def _taken(late: LatePolicy, amount: float) -> str:
    if late.unit is Unit.POINTS:
        return formatting.points(amount)
    return f"{score(amount)} percent"


def limits(terms: Terms) -> str:
    """How often one may hand in, in one sentence without its full stop."""
    said, held = [], terms.limits
    if held.in_all is not None:
        said.append(count(held.in_all, "attempt"))
    if held.a_day is not None:
        said.append(f"{held.a_day} a day")
    if held.pause:
        said.append(f"{count(round(held.pause.total_seconds() / 60), 'minute')} between two")
    return ", ".join(said) if said else "As many attempts as they like"


def statement(assignment: Assignment) -> str:
    """What an assignment says itself, in one sentence without its full stop."""
    first = assignment.statement.strip().partition("\n")[0]
    if not first:
        return "No text of its own; each exercise brings its statement"
    return f"What to do: {first[:_LONGEST].rstrip()}{'…' if len(first) > _LONGEST else ''}"


def times(assignment: Assignment) -> str:
    """When an assignment opens and closes, in one sentence without its full stop."""
    window, zone = assignment.window, assignment.course.timezone
    opens = "Opens at once"
    if window.opens_at:
        opens = f"Opens {formatting.exact(window.opens_at, zone)}"
    if window.closes_at is None:
        return f"{opens}, and takes late work always" if window.due_at else f"{opens}, never closes"
    if window.closes_at == window.due_at:
        return f"{opens}, and closes when it is due"
    return f"{opens}, closes {formatting.exact(window.closes_at, zone)}"


def attempts(assignment: Assignment) -> str:
    """How often one hands in, what counts and whether one may try, in one sentence."""
    trials = {
        Trials.FREE: "trials are free",
        Trials.COUNTED: "each trial is an attempt",
        Trials.OFF: "no trials",
    }[assignment.trials]
    terms = assignment.terms
    return f"{limits(terms)}; {WHAT_COUNTS[terms.counts]} counts; {trials}"


def rubric(assignment: Assignment) -> str:
    """How an exercise's points are shared out, in one sentence without its full stop."""
    if assignment.rubric is None:
        said = "The usual rubric"
    else:
        parts = (f"{name} {score(part)}" for name, part in assignment.rubric.items() if part)
        said = f"A rubric of its own: {', '.join(parts)}"
    return said + ("; needless gradients cost once" if assignment.none_counts_once else "")


def teams(assignment: Assignment) -> str:
    """Who hands in together, in one sentence without its full stop."""
    if (assignment.team_size or 1) == 1:
        return "Each student hands in alone"
    said = f"Teams of up to {assignment.team_size} hand in together"
    if not assignment.students_form_teams:
        return f"{said}, set by those who teach"
    if assignment.teams_until is None:
        return f"{said}, formed by students"
    until = formatting.exact(assignment.teams_until, assignment.course.timezone)
    return f"{said}, formed by students until {until}"


def how_late(terms: Terms, lateness: Lateness) -> str:
    """How late work is and what that costs: "2 days late, which takes off 20 percent"."""
    if not lateness.is_late:
        return "in time"
    unit = {Per.DAY: "day", Per.HOUR: "hour"}.get(terms.late.per)
    late = f"{count(lateness.steps, unit)} late" if unit and terms.late.amount else "late"
    if lateness.points:
        return f"{late}, which takes off {formatting.points(lateness.points)}"
    if lateness.share:
        return f"{late}, which takes off {score(100 * lateness.share)} percent"
    return f"{late}, which costs nothing"


def hand_in_now(terms: Terms, prospect: Prospect, max_score: float, *, can_try: bool) -> list[str]:
    """What a hand-in now would count, in sentences; none where it simply counts or improves."""
    said = []
    if prospect.lateness.is_late:
        most = f": {score(prospect.most)} of {score(max_score)} at most"
        late = how_late(terms, prospect.lateness) + (most if prospect.lateness.takes else "")
        said.append(f"It is past the due date: work handed in now is {late}.")
    standing = f"{score(prospect.standing)} of {score(max_score)}"
    if prospect.standing is None:
        standing = "the attempt before it"
    said += {
        Becomes.REPLACES: [_replaces(terms, standing, can_try=can_try)],
        Becomes.CANNOT: [_cannot(terms, prospect, max_score, standing)],
        Becomes.IF_CHOSEN: ["The attempt that you chose counts until you choose another one."],
        Becomes.IF_BETTER: [f"It counts only if more than {standing} is left of it."]
        if prospect.lateness.takes
        else [],
    }.get(prospect.becomes, [])
    return said


def _replaces(terms: Terms, standing: str, *, can_try: bool) -> str:
    if terms.counts is Counts.ON_TIME:
        return f"It comes in time, so it replaces the late attempt that counts, with {standing}."
    said = f"The latest attempt counts: handing in now replaces {standing}, whatever comes of it."
    return said + (" Try the file first, which replaces nothing." if can_try else "")


def _cannot(terms: Terms, prospect: Prospect, max_score: float, standing: str) -> str:
    if (prospect.standing or 0.0) >= max_score:
        return f"You have {standing} already; nothing can count more."
    if terms.counts is Counts.ON_TIME and prospect.lateness.is_late:
        return f"An attempt in time counts already, with {standing}: a late one cannot replace it."
    return f"You have {standing} already, so it cannot count more."


def why(
    submission: Submission, terms: Terms, counting: Submission | None, before: float | None
) -> list[str]:
    """Why an attempt that has a score counts what it does, or does not, in sentences.

    `before` is the most that an earlier attempt counted.
    """
    if submission.kind is not Kind.ATTEMPT or submission.score is None or counting is None:
        return []
    said = []
    if submission.counted != submission.score:
        late = how_late(terms, terms.lateness(submission.submitted_at)).capitalize()
        said.append(f"{late}: {score(submission.counted)} of {score(submission.max_score)} left.")
    if counting.id != submission.id:
        rule = WHAT_COUNTS[terms.counts]
        if terms.counts is Counts.ON_TIME and counting.late:
            rule = "as none came in time, the best attempt"
        said.append(
            f"{rule[0].upper()}{rule[1:]} counts: attempt {counting.attempt}, with "
            f"{score(counting.counted)}."
        )
    elif submission.attempt > 1 or said:
        replaced = before is not None and before > (submission.counted or 0.0)
        also = f" It replaced one with {score(before)}." if replaced else ""
        said.append(f"This is the attempt that counts.{also}")
    return said


def what_is_left(allowance: Allowance, zone: str, now: datetime) -> str:
    """How many attempts are left, and when the next is taken where it is not taken now."""
    said = []
    if allowance.left is not None:
        said.append(f"{allowance.left or 'none'} left")
    if allowance.left_today is not None and allowance.left != 0:
        said.append(f"{allowance.left_today or 'none'} left today")
    if allowance.again_at is not None:
        said.append(f"the next one from {formatting.brief(allowance.again_at, zone, now)} on")
    return ", ".join(said)
