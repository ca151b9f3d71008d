"""Owns one exercise's case: its probes, what came back for them, and the words for both."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from torch import Tensor

from graders import advice, borrowed, showing, wording
from graders.compare import Difference
from graders.evidence import Call, Ending, Entry, Evidence, Loaded, Oddity, ProbeResult
from graders.exercise import Exercise
from graders.fault import Fault, Instance
from graders.plan import Plan
from graders.probe import Probe
from graders.report import Exhibit

_ENDINGS = {
    "timeout": "it took longer than one file may, as a loop without an end does",
    "cpu": "it computed for longer than one file may, as a loop without an end does",
    "memory": "it needed more memory than one file may use",
    "output": "it sent more than one file may send",
    "crashed": "the process broke down",
    "forged": "what came back was not what the checks sent",
    "malformed": "what came back could not be read",
    "done": "it was not run",
}
_NUMBERS = ("values", "precision")
_PLAIN = ("basic", "float64", "scalars", "shapes", "needs/")


def can_run(exercise: Exercise, loaded: Loaded | None) -> bool:
    """Whether every entry that an exercise calls was found."""
    slugs = [step.entry for step in exercise.steps] or [exercise.slug]
    return loaded is not None and all(
        slug in loaded.entries and loaded.entries[slug].found for slug in slugs
    )


def told(ending: Ending) -> str:
    """How a run ended, as part of a sentence. Of what breaks down only the detail is telling."""
    if ending.kind == "crashed" and ending.detail:
        return ending.detail
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
        self._named: dict[str, list[Probe]] = {}
        self._forward: dict[str, Fault | None] = {}
        self._gradients: dict[tuple[str, int | None], Fault | None] = {}
        entries = evidence.loaded.entries if evidence.loaded else {}
        slugs = [step.entry for step in exercise.steps] or [exercise.slug]
        self.entries: Mapping[str, Entry] = {
            slug: entries[slug] for slug in slugs if slug in entries
        }

    def beside(self, exercise: Exercise) -> Case:
        """The case of another exercise in the same submission; without probes if not asked for."""
        return Case(exercise, self._plan, self.evidence)

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
    def theirs(self) -> dict[str, str]:
        """The student's name for each input, by the exercise's own."""
        return dict(zip(self.exercise.inputs, self.names, strict=True))

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
                result.error.line or self.line,
                ("exception", "forward", result.error.type),
                Instance(probe, "exception in forward", phase="forward"),
            )
        return None

    @cached_property
    def plain(self) -> list[Probe]:
        """The probes of everyday inputs, whose results must be the file's own work throughout."""
        return [probe for start in _PLAIN for probe in self.named(start)]

    def borrowed(self, probe: Probe) -> Fault | None:
        """What of a probe's result is PyTorch's own work, or why nobody can say."""
        result = self.result(probe)
        if result is None:
            return None
        if name := borrowed.in_graph(result):
            if name.startswith("Vmapped"):
                return Fault(
                    f"{self.spoken} goes through `torch.vmap`, which puts a Function of its own "
                    "around yours, and what that computes is PyTorch's work. Call `apply` for one "
                    "row after another, and put the results together with `torch.stack`.",
                    self.line,
                )
            return Fault(
                f"{self.spoken} computes with PyTorch's own differentiable operations (`{name}` is "
                f"in its graph{self._where(probe)}). Every operation has to be a Function of your "
                "file, used through `apply`.",
                self.line,
            )
        if why := borrowed.unseen(result):
            return Fault(why, self.line)
        return None

    def _where(self, probe: Probe) -> str:
        if probe is self.probes["basic"]:
            return ""
        shapes = " and ".join(str(list(tensor.shape)) for tensor in probe.inputs)
        return f" for inputs of shape {shapes}"

    def _missing(self, probe: Probe) -> str:
        """Whether the run was stopped in this probe, or had been before."""
        missing = (
            one
            for one in self._plan.probes
            if one.id not in self.evidence.probes and can_run(one.exercise, self.evidence.loaded)
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
        if fault := self.not_run(probe) or self.borrowed(probe):
            return fault
        result = self.result(probe)
        assert result is not None
        outputs = zip(result.outputs, probe.wanted_outputs, strict=False)
        for number, (got, want) in enumerate(outputs):
            if off := want.difference(got):
                return self._forward_words(probe, number, off, got, want.tensor)
        if len(result.outputs) < len(probe.calls):
            return Fault(f"{self.spoken} gave no result.", self.line)
        return None

    def _forward_words(
        self, probe: Probe, number: int, off: Difference, got: Tensor | Oddity, want: Tensor
    ) -> Fault:
        told = f"{self.spoken} {wording.returned(off, got, want)}"
        at = off.at if off.kind in _NUMBERS else None
        instance = Instance(probe, "result of forward", want, got, at=at, phase="forward")
        return Fault(told, self.line, ("forward", off.kind, number), instance)

    def gradient_fault(self, probe: Probe, only: int | None = None) -> Fault | None:
        """What is wrong with the gradients of a probe, or with that of the input `only`."""
        if (probe.id, only) not in self._gradients:
            self._gradients[probe.id, only] = self._wrong_gradients(probe, only)
        return self._gradients[probe.id, only]

    def _wrong_gradients(self, probe: Probe, only: int | None) -> Fault | None:
        if fault := self.not_run(probe):
            return fault
        result = self.result(probe)
        assert result is not None
        if result.error is not None:
            if (fault := self.forward_fault(probe)) and "shape" in fault.kind:
                return fault  # then the engine refused to begin, and spoke of other shapes
            calls = result.calls or self._plain_calls()
            alone = sum(call.which == "backward" for call in calls) == 1
            return Fault(
                advice.misshapen(result.error, self.names if alone else ())
                or advice.spoken(result.error, "`backward`", calls),
                result.error.line or self._line_of_backward(result),
                ("exception", "backward", result.error.type),
                Instance(probe, "exception in backward"),
            )
        # Inputs without elements have no gradient that could be lost on the way.
        if not any(result.output_requires_grad) and any(probe.needs) and probe.size:
            return Fault(
                "The result does not lead back to the inputs: it is cut off from the graph.",
                self.line,
            )
        for at, want in enumerate(probe.wanted_grads):
            if want is None or (only is not None and at != only):
                continue
            got = result.grads[at] if at < len(result.grads) else None
            if got is None and not want.tensor.numel():
                continue
            if off := want.difference(got):
                return self._gradient_words(probe, at, off, got, want.tensor)
        return None

    def _gradient_words(
        self, probe: Probe, at: int, off: Difference, got: Tensor | Oddity | None, want: Tensor
    ) -> Fault:
        name = showing.labels(probe, self.names)[at]
        what = f"gradient of `{name}`"
        where = off.at if off.kind in _NUMBERS else None
        instance = Instance(probe, what, want, got, at, where)
        line, kind = self._line_of_backward(self.result(probe)), ("gradient", at, off.kind)
        if got is None:
            return Fault(f"No gradient arrived at `{name}`.", line, kind, instance)
        return Fault(f"The {what} {wording.has(off, got, want)}", line, kind, instance)

    def _plain_calls(self) -> tuple[Call, ...]:
        """The calls of the plain case, for a probe in which none were looked at."""
        result = self.result(self.probes["basic"])
        return result.calls if result is not None else ()

    def _line_of_backward(self, result: ProbeResult | None) -> int | None:
        """Where the one backward that ran begins; where several did, where the entry stands.

        Where no calls were looked at, it is taken to be the one that ran for the plain case.
        """
        calls = (result.calls if result is not None else ()) or self._plain_calls()
        lines = {call.line for call in calls if call.which == "backward"}
        return lines.pop() if len(lines) == 1 else self.line

    def exhibit(self, instance: Instance) -> Exhibit:
        """An instance of a fault as evidence."""
        probe, what = instance.probe, instance.what
        return Exhibit(
            what=what,
            input=showing.inputs(probe, self.names),
            upstream=showing.upstream(probe) if instance.phase == "backward" else (),
            expected=showing.shown(instance.want, what, probe.dtype),
            got=showing.shown(instance.got, what),
        )
