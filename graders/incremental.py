"""Owns judging while a run goes on: an exercise in which nothing is wrong needs no more answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graders.exercises import EXERCISES
from graders.judge import judged, judged_if_right, whole
from graders.judging.exercise_answers import can_run
from graders.judging.exercise_run import ExerciseRun
from graders.model.evidence import Evidence
from graders.probes.plan import Plan
from graders.results.report import ExerciseReport, Report


class IncrementalJudge:
    """The judge of one run, who takes up each exercise when the answers for its points are in.

    In the end the report is the one that `judge` would give on all the evidence.
    """

    def __init__(self, plan: Plan, points: Mapping[str, float], rubric: Mapping[str, float]):
        self._plan, self._points, self._rubric = plan, points, rubric
        self._ahead: list[str] | None = None
        self._right: dict[str, ExerciseReport] = {}

    def step(self, evidence: Evidence) -> bool:
        """Judges the next exercise, if its answers are in; whether they were."""
        if self._ahead is None and evidence.loaded is not None:
            self._ahead = self._running(evidence)
        if not self._ahead or not self._all_in(self._ahead[0], evidence):
            return False
        slug = self._ahead.pop(0)
        run = self._exercise_run(slug, evidence)
        if report := judged_if_right(run, self._points[slug], self._rubric):
            self._right[slug] = report
        return True

    def _all_in(self, slug: str, evidence: Evidence) -> bool:
        # From the last one: then the first look mostly tells.
        exercise_run = self._exercise_run(slug, evidence)
        return all(
            one.id in run.probes
            for one in reversed(self._plan.asked(slug))
            for run in exercise_run.runs(one)
        )

    def is_enough(self, evidence: Evidence) -> bool:
        """Whether more answers would show nothing: nothing is wrong in what can be run."""
        while self.step(evidence):
            pass
        return self._right.keys() >= set(self._running(evidence))

    def so_far(self, evidence: Evidence, known: Collection[str]) -> list[ExerciseReport]:
        """The reports on the exercises beyond those `known` that can be judged by now.

        Their points are final; what shows a fault, as its smallest case, may still get better.
        """
        if evidence.loaded is None:
            return []
        running = self._running(evidence)
        ready = (
            slug
            for slug in self._plan.slugs
            if slug not in known and (slug not in running or self._all_in(slug, evidence))
        )
        return [self._judged(self._exercise_run(slug, evidence)) for slug in ready]

    def _running(self, evidence: Evidence) -> list[str]:
        """The exercises that can be run: those whose entries were found."""
        return [slug for slug in self._plan.slugs if can_run(EXERCISES[slug], evidence.loaded)]

    def report(self, evidence: Evidence) -> Report:
        """The report on the whole of a run; `evidence` holds all that was seen before."""
        runs = [self._exercise_run(slug, evidence) for slug in self._plan.slugs]
        return whole([self._judged(run) for run in runs], runs)

    def _judged(self, run: ExerciseRun) -> ExerciseReport:
        slug = run.exercise.slug
        return self._right.get(slug) or judged(run, self._points[slug], self._rubric)

    def _exercise_run(self, slug: str, evidence: Evidence) -> ExerciseRun:
        return ExerciseRun(EXERCISES[slug], self._plan, evidence)
