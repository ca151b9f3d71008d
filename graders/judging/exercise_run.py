"""Owns what is wrong with one exercise's answers, and the words for it."""

from __future__ import annotations

from torch import Tensor

from graders.judging import provenance
from graders.judging.exercise_answers import ExerciseAnswers, can_run
from graders.model.check_kinds import Reason
from graders.model.comparison import Difference
from graders.model.evidence import Evidence, Oddity, ProbeError, ProbeResult
from graders.model.exercise import Exercise
from graders.probes.plan import Plan
from graders.probes.probe import Probe, ProbeKind
from graders.results import exceptions, formatting, values
from graders.results.endings import describe
from graders.results.failure import Failure, Instance
from graders.results.misfit import misfit
from graders.results.report import Exhibit

_NUMBERS = ("values", "precision")


class ExerciseRun(ExerciseAnswers):
    """What is known of one exercise in one submission, and what is wrong with it.

    Several checks ask of the same probe; what was found is kept.
    """

    def __init__(self, exercise: Exercise, plan: Plan, evidence: Evidence):
        super().__init__(exercise, plan, evidence)
        self._borrowed: dict[str, Failure | None] = {}
        self._forward: dict[str, Failure | None] = {}
        self._gradients: dict[tuple[str, int | None], Failure | None] = {}

    def beside(self, exercise: Exercise) -> ExerciseRun:
        """What is known of another exercise in the submission; no probes if that was not asked."""
        return ExerciseRun(exercise, self._plan, self.evidence)

    def not_run(self, probe: Probe) -> Failure | None:
        """Why a probe gave nothing at all in a run, or nothing but an exception in forward."""
        runs = self.runs(probe)
        return next(filter(None, (self._not_run(probe, run) for run in runs)), None)

    def _not_run(self, probe: Probe, run: Evidence) -> Failure | None:
        result = run.probes.get(probe.id)
        if result is None:
            if run is self._direct and self._is_alone(run):
                return self._undefined()
            return self._missing(probe, run)
        if result.error is not None and result.error.phase == "forward":
            where = "The composition" if self.exercise.steps else self._method("forward")
            return Failure(
                self._misfit(result.error)
                or exceptions.describe(
                    result.error,
                    where,
                    raised=self.raised,
                    places=self.evidence.places,
                    shapes=formatting.shapes(probe, self.names),
                ),
                result.error.line or self.line,
                ("exception", "forward", result.error.type),
                Instance(probe, "exception in forward", phase="forward"),
            )
        return None

    def _misfit(self, error: ProbeError) -> str:
        """Why forward could not even be called, which leaves no line of the file; else empty."""
        entry = self.entries.get(self.exercise.slug)
        if entry is None or error.type != "TypeError" or error.line is not None:
            return ""
        forward = f"`{entry.found}.forward`" if entry.found else "`forward`"
        return misfit(forward, entry.arguments, self.exercise.inputs, entry.static_forward)

    def _is_alone(self, run: Evidence) -> bool:
        """Whether the entries are there in the ordinary run alone, and that was loaded."""
        return run.loaded is not None and not can_run(self.exercise, run.loaded)

    def _undefined(self) -> Failure:
        """What there is to say of an entry that is not there where autograd is not."""
        raised = self._direct.loaded.raised if self._direct.loaded else ()
        why = raised[0].line if raised else None
        line = f" ({self.evidence.places.spoken(why)})" if why else ""
        return Failure(
            f"{self.subject} is there only where autograd is: a statement that uses autograd{line} "
            "has to have run before. Define it without.",
            why or self.line,
        )

    def borrowed(self, probe: Probe) -> Failure | None:
        """What of a probe's result is PyTorch's own work, or why nobody can say."""
        if probe.id not in self._borrowed:
            self._borrowed[probe.id] = self._borrowed_in(probe)
        return self._borrowed[probe.id]

    def _borrowed_in(self, probe: Probe) -> Failure | None:
        result = self.ordinary(probe)
        if name := (provenance.in_graph(result) if result else None) or self._computed(probe):
            if name.startswith("Vmapped"):
                return Failure(
                    f"{self.subject} goes through `torch.vmap`, which puts a Function of its own "
                    "around yours, and what that computes is PyTorch's work. Call `apply` for one "
                    "row after another, and put the results together with `torch.stack`.",
                    self.line,
                )
            return Failure(
                f"{self.subject} computes with PyTorch's own differentiable operations (`{name}` "
                f"is in its graph{self._where(probe)}). Every operation has to be a Function of "
                "your file, used through `apply`.",
                self.line,
            )
        if self.chooses(probe):
            return Failure(
                f"{self.subject} chooses elements by their values outside of your Functions, and "
                "PyTorch derives that. Every operation has to be a Function of your file, used "
                "through `apply`.",
                self.line,
            )
        if result and (why := provenance.unseen(result)):
            return Failure(why, self.line)
        return None

    def _computed(self, probe: Probe) -> str | None:
        """An operation of PyTorch's that computed outside of the file's Functions, where nothing
        of the result comes from these."""
        result = self.result(probe)
        if result is None or not result.computed or any(result.output_requires_grad):
            return None
        return provenance.plain_name(result.computed)

    def _where(self, probe: Probe) -> str:
        if probe is self.basic:
            return ""
        shapes = " and ".join(str(list(tensor.shape)) for tensor in probe.inputs)
        return f" for inputs of shape {shapes}"

    def _missing(self, probe: Probe, run: Evidence) -> Failure:
        """What there is to say of a run that was stopped in this probe, or had been before."""
        mine = (run.stops[one.id] for one in self.probes.values() if one.id in run.stops)
        why = describe(run.stops.get(probe.id) or next(mine, run.ending))
        if probe.id in run.stops:
            subject = self.subject.replace("The ", "the ", 1)
            message = f"The run was stopped while {subject} was at this check: {why}."
            return Failure(message, self.line)
        message = f"The run had been stopped before this check: {why}."
        return Failure(message, self.line, reason=Reason.NOT_RUN)

    def _method(self, name: str) -> str:
        return f"`{self.found}`" if self.found else f"`{name}`"

    def forward_failure(self, probe: Probe) -> Failure | None:
        """What is wrong with the outputs of a probe; several checks ask, one answer is kept."""
        if probe.id not in self._forward:
            self._forward[probe.id] = self._wrong_outputs(probe)
        return self._forward[probe.id]

    def _wrong_outputs(self, probe: Probe) -> Failure | None:
        for run in self.runs(probe):
            result = run.probes.get(probe.id)
            if run is self._direct and len(self.runs(probe)) > 1 and result and result.touched:
                continue  # the gradient's loss: the result itself is judged by the ordinary run
            if failure := self._not_run(probe, run) or self.borrowed(probe):
                return failure
            assert result is not None
            if failure := self._wrong_outputs_in(probe, result):
                return failure
        return None

    def _wrong_outputs_in(self, probe: Probe, result: ProbeResult) -> Failure | None:
        outputs = zip(result.outputs, probe.wanted_outputs, strict=False)
        for number, (got, want) in enumerate(outputs):
            if off := want.difference(got):
                return self._forward_words(probe, number, off, got, want.tensor)
        if len(result.outputs) < len(probe.calls):
            return Failure(f"{self.subject} gave no result.", self.line_of(probe, "forward"))
        return None

    def _forward_words(
        self, probe: Probe, number: int, off: Difference, got: Tensor | Oddity, want: Tensor
    ) -> Failure:
        why = values.overflow(off, self.labelled(probe), probe.dtype)
        told = f"{self.subject} {values.returned(off, got, want)} {why}".strip()
        at = off.at if off.kind in _NUMBERS else None
        instance = Instance(probe, "result of forward", want, got, at=at, phase="forward")
        line = self.line_of(probe, "forward")
        return Failure(told, line, ("forward", off.kind, number), instance)

    def gradient_failure(self, probe: Probe, only: int | None = None) -> Failure | None:
        """What is wrong with the gradients of a probe, or with that of the input `only`."""
        if (probe.id, only) not in self._gradients:
            self._gradients[probe.id, only] = self._wrong_gradients(probe, only)
        return self._gradients[probe.id, only]

    def _wrong_gradients(self, probe: Probe, only: int | None) -> Failure | None:
        """The direct run shows what backward itself returned, so it is looked at first."""
        for run in reversed(self.runs(probe)):
            if failure := self._wrong_gradients_in(probe, run, only):
                return failure
        return None

    def _wrong_gradients_in(self, probe: Probe, run: Evidence, only: int | None) -> Failure | None:
        if failure := self._not_run(probe, run):
            return failure
        result = run.probes[probe.id]
        if result.error is not None:
            return self._stopped(probe, result)
        # Without elements there is no gradient that could be lost on the way.
        idle = probe.kind is ProbeKind.EMPTY or not probe.size
        if not any(result.output_requires_grad) and any(probe.needs) and not idle:
            return Failure(
                "The result does not lead back to the inputs: it is cut off from the graph.",
                self.line,
            )
        for at, want in enumerate(probe.wanted_grads):
            if want is None or (only is not None and at != only):
                continue
            got = result.grads[at] if at < len(result.grads) else None
            if got is None and idle and not want.tensor.any():
                continue
            if off := want.difference(got):
                return self._gradient_words(probe, at, off, got, want.tensor)
        return None

    def only_with_autograd(self, probe: Probe) -> Failure | None:
        """What is wrong with the gradients in the direct run, where the ordinary one has none of
        it; a gradient of another shape is none, as the engine may have added it up."""
        found = self._wrong_gradients_in(probe, self._direct, None)
        if found is None or "shape" in found.kind:
            return None
        if self._not_run(probe, self.evidence) or self.ordinary_forward_failure(probe):
            return None
        return None if self._wrong_gradients_in(probe, self.evidence, None) else found

    def ordinary_forward_failure(self, probe: Probe) -> Failure | None:
        """What is wrong with the outputs of a probe in the ordinary run."""
        result = self.ordinary(probe)
        return self._wrong_outputs_in(probe, result) if result is not None else None

    def _stopped(self, probe: Probe, result: ProbeResult) -> Failure:
        """What to say of an exception in backward."""
        assert result.error is not None
        if (failure := self.forward_failure(probe)) and "shape" in failure.kind:
            return failure  # then the engine refused to begin, and spoke of other shapes
        calls = self.calls(probe)
        alone = sum(call.which == "backward" for call in calls) == 1
        what = "shape" if exceptions.is_about_shape(result.error) else result.error.type
        return Failure(
            exceptions.misshapen(result.error, self.names if alone else ())
            or exceptions.describe(
                result.error,
                "`backward`",
                calls,
                self.raised,
                self.evidence.places,
                formatting.shapes(probe, self.names, upstream=True),
            ),
            result.error.line or self.line_of(probe, "backward"),
            ("exception", "backward", what),
            Instance(probe, "exception in backward"),
        )

    def _gradient_words(
        self, probe: Probe, at: int, off: Difference, got: Tensor | Oddity | None, want: Tensor
    ) -> Failure:
        name = formatting.labels(probe, self.names)[at]
        what = f"gradient of `{name}`"
        where = off.at if off.kind in _NUMBERS else None
        dtype = self.own_dtype(probe, at) if where is not None else ""
        instance = Instance(probe, what, want, got, at, where, dtype=dtype)
        line, kind = self.line_of(probe, "backward"), ("gradient", at, off.kind)
        if got is None:
            return Failure(f"No gradient arrived at `{name}`.", line, kind, instance)
        if off.kind == "shape" and isinstance(got, Tensor):
            message = exceptions.wrong_shape(name, tuple(got.shape), tuple(want.shape))
            return Failure(message, line, kind, instance)
        why = values.came_as(off, dtype, name, probe.dtype)
        why = why or values.overflow(off, self.labelled(probe), probe.dtype)
        told = f"The {what} {values.has(off, got, want)} {why}".strip()
        return Failure(told, line, kind, instance)

    def exhibit(self, instance: Instance) -> Exhibit:
        """An instance of a failure, ready to be shown."""
        probe, what = instance.probe, instance.what
        return Exhibit(
            what=what,
            input=formatting.inputs(probe, self.names),
            upstream=formatting.upstream(probe) if instance.phase == "backward" else (),
            expected=formatting.shown(instance.want, what, probe.dtype),
            got=formatting.shown(instance.got, what, instance.dtype),
        )
