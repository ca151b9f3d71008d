"""Owns one exercise's case: its probes, what came back for them, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from graders import advice, showing
from graders.compare import Difference, difference
from graders.evidence import Ending, Entry, Evidence, Loaded, Oddity, ProbeResult
from graders.exercise import Exercise
from graders.plan import Plan
from graders.probe import Expected, Probe
from graders.report import Exhibit

_ENDINGS = {
    "timeout": "the time for one file was over",
    "cpu": "the processor time for one file was used up",
    "memory": "it needed more memory than one file may use",
    "output": "it sent more than one file may send",
    "crashed": "Python itself crashed",
    "forged": "what came back was not what the checks sent",
    "malformed": "what came back could not be read",
    "done": "it was not run",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a check is not passed, with the probe to show for it where there is one."""

    message: str
    line: int | None = None
    exhibit: Exhibit | None = None


def _can_run(exercise: Exercise, loaded: Loaded | None) -> bool:
    """Whether every entry that an exercise calls was found."""
    slugs = [step.entry for step in exercise.steps] or [exercise.slug]
    return loaded is not None and all(
        slug in loaded.entries and loaded.entries[slug].found for slug in slugs
    )


def told(ending: Ending) -> str:
    """How a run ended, as part of a sentence."""
    return _ENDINGS.get(ending.kind, ending.kind)


class Case:
    """What is known of one exercise in one submission."""

    def __init__(self, exercise: Exercise, plan: Plan, evidence: Evidence):
        self.exercise = exercise
        self.evidence = evidence
        self._plan = plan
        self.probes: Mapping[str, Probe] = {
            probe.id.partition("/")[2]: probe for probe in plan.of(exercise.slug)
        }
        self._truth: dict[str, Expected] = {}
        self._named: dict[str, list[Probe]] = {}
        self._forward: dict[str, Fault | None] = {}
        entries = evidence.loaded.entries if evidence.loaded else {}
        slugs = [step.entry for step in exercise.steps] or [exercise.slug]
        self.entries: Mapping[str, Entry] = {
            slug: entries[slug] for slug in slugs if slug in entries
        }

    def named(self, start: str) -> list[Probe]:
        """The probes whose name starts so, smallest first."""
        if start not in self._named:
            found = [probe for name, probe in self.probes.items() if name.startswith(start)]
            self._named[start] = sorted(found, key=lambda probe: probe.size)
        return self._named[start]

    def result(self, probe: Probe) -> ProbeResult | None:
        """What came back for a probe, if it was run."""
        return self.evidence.probes.get(probe.id)

    def accepted(self, probe: Probe) -> bool:
        """Whether a probe ran to its end, so that the engine took what backward returned."""
        result = self.result(probe)
        return result is not None and result.error is None

    def truth(self, probe: Probe) -> Expected:
        """What a right implementation gives on a probe; computed once."""
        if probe.id not in self._truth:
            self._truth[probe.id] = probe.truth()
        return self._truth[probe.id]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The student's names for the inputs, or the exercise's own."""
        inputs = self.exercise.inputs
        if not self.exercise.steps and (entry := self.entries.get(self.exercise.slug)):
            theirs = entry.arguments[: len(inputs)]
            if entry.found and len(set(theirs)) == len(inputs):
                return theirs
        return inputs

    @cached_property
    def found(self) -> str | None:
        """The student's name for the entry; for a composition all of them."""
        names = [entry.found for entry in self.entries.values() if entry.found]
        return " and ".join(names) if len(names) == len(self.entries) and names else None

    @cached_property
    def spoken(self) -> str:
        """How the entry is called in a sentence."""
        if self.exercise.steps:
            return "The composition"
        return f"`{self.found or self.exercise.entries[0]}`"

    @cached_property
    def line(self) -> int | None:
        """Where the entry stands."""
        lines = [entry.line for entry in self.entries.values() if entry.line]
        return min(lines, default=None) if not self.exercise.steps else None

    def not_run(self, probe: Probe) -> Fault | None:
        """Why a probe gave nothing at all, or nothing but an exception in forward."""
        result = self.result(probe)
        if result is None:
            return Fault(f"{self._missing(probe)}: {told(self.evidence.ending)}.", self.line)
        if result.error is not None and result.error.phase == "forward":
            where = "The composition" if self.exercise.steps else self._method("forward")
            return Fault(
                advice.spoken(result.error, where),
                result.error.line,
                self.exhibit(probe, "exception in forward", None, None),
            )
        return None

    def _missing(self, probe: Probe) -> str:
        """Whether the run was stopped in this probe, or had been before."""
        missing = (
            one
            for one in self._plan.probes
            if one.id not in self.evidence.probes and _can_run(one.exercise, self.evidence.loaded)
        )
        here = probe is next(missing, None)
        if here:
            return f"The run was stopped while {self.spoken} was at this check"
        return "The run had been stopped before this check"

    def _method(self, name: str) -> str:
        return f"`{self.found}`" if self.found else f"`{name}`"

    def forward_fault(self, probe: Probe) -> Fault | None:
        """What is wrong with the outputs of a probe; several checks ask, one answer is kept."""
        if probe.id not in self._forward:
            self._forward[probe.id] = self._wrong_outputs(probe)
        return self._forward[probe.id]

    def _wrong_outputs(self, probe: Probe) -> Fault | None:
        if fault := self.not_run(probe):
            return fault
        result = self.result(probe)
        assert result is not None
        for got, want in zip(result.outputs, self.truth(probe).outputs, strict=False):
            assert isinstance(want, Tensor)
            if off := difference(got, want, probe.dtype):
                return self._forward_words(probe, off, got, want)
        if len(result.outputs) < len(probe.calls):
            return Fault(f"{self.spoken} gave no result.", self.line)
        return None

    def _forward_words(
        self, probe: Probe, off: Difference, got: Tensor | Oddity, want: Tensor
    ) -> Fault:
        exhibit = self.exhibit(probe, "result of forward", want, got)
        return Fault(f"{self.spoken} {_returned(off, got, want)}", self.line, exhibit)

    def gradient_fault(self, probe: Probe, only: int | None = None) -> Fault | None:
        """What is wrong with the gradients of a probe, or with that of the input `only`."""
        if fault := self.not_run(probe):
            return fault
        result = self.result(probe)
        assert result is not None
        if result.error is not None:
            exhibit = self.exhibit(probe, "exception in backward", None, None)
            told_error = advice.spoken(result.error, "`backward`")
            return Fault(told_error, result.error.line or self._line_of_backward(result), exhibit)
        if not any(result.output_requires_grad) and any(probe.needs):
            return Fault(
                "The result does not lead back to the inputs: it is cut off from the graph.",
                self.line,
            )
        wanted = self.truth(probe).grads
        for at, want in enumerate(wanted):
            if not isinstance(want, Tensor) or (only is not None and at != only):
                continue
            got = result.grads[at] if at < len(result.grads) else None
            if off := difference(got, want, probe.dtype):
                return self._gradient_words(probe, at, off, got, want)
        return None

    def _gradient_words(
        self, probe: Probe, at: int, off: Difference, got: Tensor | None, want: Tensor
    ) -> Fault:
        labels = showing.inputs(probe, self.names)
        what = f"gradient of `{labels[at]['name']}`"
        exhibit = self.exhibit(probe, what, want, got)
        line = self._line_of_backward(self.result(probe))
        if got is None:
            return Fault(f"No gradient arrived at `{labels[at]['name']}`.", line, exhibit)
        return Fault(f"The {what} {_is(off, got, want)}", line, exhibit)

    def _line_of_backward(self, result: ProbeResult | None) -> int | None:
        """Where the one backward that ran begins; where several did, where the entry stands."""
        calls = result.calls if result is not None else ()
        lines = {call.line for call in calls if call.which == "backward"}
        return lines.pop() if len(lines) == 1 else self.line

    def exhibit(
        self,
        probe: Probe,
        what: str,
        want: Tensor | None,
        got: Tensor | Oddity | None,
    ) -> Exhibit:
        """A probe as evidence."""
        return Exhibit(
            what=what,
            input=showing.inputs(probe, self.names),
            upstream=showing.upstream(probe),
            expected=showing.shown(want, what, probe.dtype),
            got=showing.shown(got, what),
        )


_COARSE = (
    "only as exact as float32 allows, though the inputs are float64. Are there numbers without a "
    "dtype, as in `torch.ones(...)`, or a `.float()`?"
)


def _index(at: tuple[int, ...]) -> str:
    return f" at {list(at)}" if at else ""


def _returned(off: Difference, got: Tensor | Oddity, want: Tensor) -> str:
    """The end of a sentence about a result."""
    if isinstance(got, Oddity):
        return f"returned a {got.kind} where one tensor was expected."
    if off.kind == "shape":
        return f"returned {showing.shape(got)} where {showing.shape(want)} was expected."
    if off.kind == "kind":
        return "returned complex numbers."
    if off.kind == "precision":
        return f"returned a result that is {_COARSE}"
    came, expected = showing.pair(off.got, off.want)
    return f"returned {came}{_index(off.at)} where {expected} was expected."


def _is(off: Difference, got: Tensor, want: Tensor) -> str:
    """The end of a sentence about a gradient."""
    if off.kind == "shape":
        return f"has {showing.shape(got)} where {showing.shape(want)} was expected."
    if off.kind == "kind":
        return "is complex."
    if off.kind == "precision":
        return f"is {_COARSE}"
    came, expected = showing.pair(off.got, off.want)
    return f"is {came}{_index(off.at)} where {expected} was expected."
