"""Owns what is known of one exercise in one submission: its probes, the answers to them, the names.

Here nothing is judged yet; see `graders.judging.exercise_run`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from functools import cached_property

from torch import Tensor

from graders.model.evidence import Call, Entry, Evidence, Loaded, ProbeResult, Raised
from graders.model.exercise import Exercise
from graders.probes.plan import Plan
from graders.probes.probe import EVERYDAY, Probe, ProbeKind
from graders.results import formatting

_PLAIN = (*EVERYDAY, ProbeKind.NEEDS)


def can_run(exercise: Exercise, loaded: Loaded | None) -> bool:
    """Whether every entry that an exercise calls was found."""
    slugs = [step.entry for step in exercise.steps] or [exercise.slug]
    return loaded is not None and all(
        slug in loaded.entries and loaded.entries[slug].found for slug in slugs
    )


class ExerciseAnswers:
    """What both runs said of one exercise, and what the student calls its parts."""

    def __init__(self, exercise: Exercise, plan: Plan, evidence: Evidence):
        self.exercise = exercise
        self.evidence = evidence
        self._direct = evidence.direct or Evidence(None, None)
        self._plan = plan
        self.probes: Mapping[str, Probe] = {
            probe.id.partition("/")[2]: probe for probe in plan.of(exercise.slug)
        }
        self._of_kind: dict[ProbeKind, list[Probe]] = {}
        entries = evidence.loaded.entries if evidence.loaded else {}
        slugs = [step.entry for step in exercise.steps] or [exercise.slug]
        self.entries: Mapping[str, Entry] = {
            slug: entries[slug] for slug in slugs if slug in entries
        }

    @property
    def raised(self) -> tuple[Raised, ...]:
        """The statements of the top level that raised."""
        return self.evidence.loaded.raised if self.evidence.loaded else ()

    @property
    def basic(self) -> Probe:
        """The plainest probe, which every exercise has."""
        return self.probes[ProbeKind.BASIC]

    def of_kind(self, kind: ProbeKind) -> list[Probe]:
        """The probes of a kind, smallest first."""
        if kind not in self._of_kind:
            found = [probe for probe in self.probes.values() if probe.kind is kind]
            self._of_kind[kind] = sorted(found, key=lambda probe: probe.size)
        return self._of_kind[kind]

    def result(self, probe: Probe) -> ProbeResult | None:
        """What came back for a probe in the direct run, if it was run there."""
        return self._direct.probes.get(probe.id)

    def ordinary(self, probe: Probe) -> ProbeResult | None:
        """What came back for a probe in the ordinary run, if it was asked and run there."""
        return self.evidence.probes.get(probe.id)

    def chooses(self, probe: Probe) -> bool:
        """Whether other elements are dropped where only the values are others."""
        return probe.id in self._choosing

    @cached_property
    def _choosing(self) -> frozenset[str]:
        alike: defaultdict[Hashable, list[Probe]] = defaultdict(list)
        for probe in self.probes.values():
            shapes = tuple(tensor.shape for tensor in probe.inputs)
            alike[probe.calls, probe.needs, shapes].append(probe)
        return frozenset(
            one.id for group in alike.values() if self._drops_differ(group) for one in group
        )

    def _drops_differ(self, probes: list[Probe]) -> bool:
        results = filter(None, map(self.result, probes))
        return len({result.dropped for result in results if result.error is None}) > 1

    def runs(self, probe: Probe) -> list[Evidence]:
        """The runs in which a probe is asked, the ordinary one first."""
        asked = probe.engine or not probe.gives_points or self.evidence.recorded
        return [self.evidence, self._direct] if asked else [self._direct]

    def results(self, probe: Probe) -> list[ProbeResult]:
        """What came back for a probe, in whatever run."""
        found = (run.probes.get(probe.id) for run in self.runs(probe))
        return [result for result in found if result is not None]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The student's names for the inputs, or the exercise's own."""
        inputs = self.exercise.inputs
        if not self.exercise.steps and (entry := self.entries.get(self.exercise.slug)):
            written = entry.arguments[: len(inputs)]
            if entry.found and len(set(written)) == len(inputs):
                return written
        return inputs

    @cached_property
    def students_names(self) -> dict[str, str]:
        """The student's name for each input, by the exercise's own."""
        return dict(zip(self.exercise.inputs, self.names, strict=True))

    @cached_property
    def found(self) -> str | None:
        """The student's name for the entry; for a composition all of them."""
        names = [entry.found for entry in self.entries.values() if entry.found]
        return " and ".join(names) if len(names) == len(self.entries) and names else None

    @cached_property
    def subject(self) -> str:
        """How the entry is called in a sentence."""
        if self.exercise.steps:
            return "The composition"
        return f"`{self.found or self.exercise.entries[0]}`"

    @cached_property
    def line(self) -> int | None:
        """Where the entry stands."""
        lines = [entry.line for entry in self.entries.values() if entry.line]
        return min(lines, default=None) if not self.exercise.steps else None

    @cached_property
    def plain(self) -> list[Probe]:
        """The probes of everyday inputs, whose results must be the file's own work throughout."""
        return [probe for kind in _PLAIN for probe in self.of_kind(kind)]

    def calls(self, probe: Probe) -> tuple[Call, ...]:
        """The calls that a probe made, or else those of the plain one."""
        for one in (probe, self.basic):
            result = self.result(one)
            if result is not None and result.calls:
                return result.calls
        return ()

    def labelled(self, probe: Probe) -> list[tuple[str, Tensor]]:
        """The inputs of a probe with what the student calls them."""
        return [*zip(formatting.labels(probe, self.names), probe.inputs, strict=True)]

    def own_dtype(self, probe: Probe, at: int) -> str:
        """The dtype in which the one `backward` that ran returned the gradient of an input, where
        it is another than the input's."""
        result = self.result(probe)
        calls = [call for call in result.calls if call.which == "backward"] if result else []
        if len(calls) != 1 or len(probe.calls) != 1 or at not in probe.calls[0]:
            return ""
        return dict(enumerate(calls[0].dtypes)).get(probe.calls[0].index(at), "")

    def line_of(self, probe: Probe, which: str) -> int | None:
        """Where the one "forward" or "backward" that ran returns, or else begins; where several
        did, where the entry stands."""
        lines = {call.line for call in self.calls(probe) if call.which == which}
        return lines.pop() if len(lines) == 1 else self.line
