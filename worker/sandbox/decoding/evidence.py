"""Owns turning a cell's frames into Evidence: every name, number and order is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from graders.model.evidence import (
    Blocked,
    Call,
    Derivative,
    Ending,
    Entry,
    Evidence,
    Loaded,
    Noticed,
    Oddity,
    Parsed,
    Passed,
    ProbeError,
    ProbeResult,
    Raised,
    Saved,
    SourceError,
    Touch,
)
from worker.sandbox.decoding.frames import Frame, Violation
from worker.sandbox.decoding.graphs import graph
from worker.sandbox.decoding.tensors import Tensors
from worker.sandbox.decoding.values import (
    flag,
    line,
    name,
    number,
    optional,
    record,
    several,
    text,
)
from worker.sandbox.limits import Limits

T = TypeVar("T")
Read = Callable[[object], Any]


def _parsed(header: dict[str, Any]) -> Parsed:
    def source_error(value: object) -> SourceError:
        item = record(value)
        return SourceError(
            name(item.get("type")),
            text(item.get("message")),
            line(item.get("line")),
            line(item.get("offset")),
            name(item.get("newer", "")),
        )

    def passed(value: object) -> Passed:
        item = record(value)
        return Passed(line(item.get("line")), name(item.get("what")))

    return Parsed(
        optional(source_error)(header.get("error")),
        several(passed, header.get("passed", [])),
        several(name, header.get("versions", [])),
    )


def _raised(value: object) -> Raised:
    item = record(value)
    return Raised(
        line(item.get("line")),
        name(item.get("type")),
        text(item.get("message")),
        several(name, item.get("lacking", [])),
        number(item.get("after", 0)),
        flag(item.get("told", False)),
        flag(item.get("mended", False)),
    )


def _blocked(value: object) -> Blocked:
    item = record(value)
    return Blocked(text(item.get("what")), line(item.get("line")))


def _entry(value: object) -> Entry:
    item = record(value)
    static = record(item.get("static", {}))
    return Entry(
        found=optional(name)(item.get("found")),
        kind=optional(name)(item.get("kind")),
        line=line(item.get("line")),
        problem=optional(name)(item.get("problem")),
        why=name(item.get("why", "")),
        near=several(name, item.get("near", [])),
        static_forward=flag(static.get("forward", True)),
        static_backward=flag(static.get("backward", True)),
        arguments=several(name, item.get("arguments", [])),
    )


def _probe_error(value: object) -> ProbeError:
    item = record(value)
    phase = item.get("phase")
    if phase not in ("forward", "backward"):
        raise Violation("an error belongs to forward or to backward")
    return ProbeError(
        phase, name(item.get("type")), text(item.get("message")), line(item.get("line"))
    )


def _derivative(value: object) -> Derivative:
    item = record(value)
    return Derivative(name(item.get("name")), flag(item.get("inside")))


def _touch(value: object) -> Touch:
    item = record(value)
    return Touch(name(item.get("name")), line(item.get("line")))


def _noticed(value: object) -> tuple[Noticed, ...]:
    return tuple(
        Noticed(kind, line(at))
        for kind, at in record(value or {}).items()
        if kind in ("complex", "table")
    )


def _tensor_or_oddity(tensor: Read) -> Read:
    """What reads a tensor, or the name of what came in its place."""

    def read(value: object) -> Any:
        item = record(value)
        return Oddity(name(item["kind"])) if "kind" in item else tensor(item)

    return read


def _call(tensor_if_any: Read) -> Callable[[object], Call]:
    """What reads a call, whose gradients are read by `tensor_if_any`."""

    def read(value: object) -> Call:
        item = record(value)
        which = item.get("pass")
        if which not in ("forward", "backward"):
            raise Violation("a call is forward or backward")
        return Call(
            name(item.get("class")),
            which,
            line(item.get("line")),
            several(flag, item.get("needs")),
            several(flag, item.get("none")),
            several(tensor_if_any, item.get("returned", [])),
            several(name, item.get("dtypes", [])),
        )

    return read


class Decoder:
    """Takes the frames of one run in order; what it has taken so far is always whole."""

    def __init__(self, request: dict[str, Any], limits: Limits) -> None:
        self._probes = {probe["id"]: probe for probe in request["probes"]}
        self._more = {probe["id"]: probe for probe in request["more"]}
        self._slugs = frozenset(request["entries"])
        self._limits = limits
        self._tensors = Tensors(limits)
        self._parsed: Parsed | None = None
        self._loaded: Loaded | None = None
        self._results: dict[str, ProbeResult] = {}
        self._output, self._output_cut = "", False
        self.asks = self.done = False
        """Whether all that gives points is told, and more is to be had; whether all is told."""

    def take(self, frame: Frame) -> None:
        """Raises a Violation when the frame is wrong, or comes at a wrong time."""
        header = frame.header
        kind = header.get("type")
        if kind == "parsed" and self._parsed is None:
            self._parsed = _parsed(header)
        elif kind == "loaded" and self._parsed and self._loaded is None:
            self._loaded = self._read_loaded(header)
        elif kind == "probe" and self._loaded and not self.done:
            result = self._read_probe(header, frame.body)
            self._results[result.id] = result
        elif kind == "done" and self._parsed and not (self.asks or self.done):
            self._output = text(header.get("output"), self._limits.output_bytes)
            self._output_cut = flag(header.get("output_cut"))
            self.asks = bool(self._more and self._loaded)
            self.done = not self.asks
            self._probes = self._more
        elif kind == "end" and self.asks and not self.done:
            self.done = True
        else:
            raise Violation("a frame came that was not its turn")

    def evidence(self, ending: Ending) -> Evidence:
        """Everything taken so far."""
        return replace(self.seen(), probes=dict(self._results), ending=ending)

    def seen(self) -> Evidence:
        """Everything taken so far; its answers become more as the run goes on."""
        return Evidence(
            self._parsed,
            self._loaded,
            self._results,
            self._output,
            self._output_cut,
            Ending("done"),
        )

    def _read_loaded(self, header: dict[str, Any]) -> Loaded:
        entries = record(header.get("entries"))
        if not entries.keys() <= self._slugs:
            raise Violation("an entry was found that nobody asked for")
        return Loaded(
            several(_raised, header.get("raised")),
            several(_blocked, header.get("blocked")),
            {slug: _entry(entry) for slug, entry in entries.items()},
        )

    def _read_probe(self, header: dict[str, Any], body: bytes) -> ProbeResult:
        asked = header.get("id")
        probe = self._probes.get(asked) if isinstance(asked, str) else None
        if probe is None or probe["id"] in self._results:
            raise Violation("a probe answered that nobody asked, or twice")
        tensor = self._tensors.reader(body)
        tensor_or_oddity = _tensor_or_oddity(tensor)
        tensor_if_any = optional(tensor_or_oddity)

        def counted(field: str, read: Callable[[object], T], count: int) -> tuple[T, ...]:
            items = several(read, header.get(field, []))
            if len(items) not in (0, count):
                raise Violation(f"{len(items)} {field} came instead of {count}")
            return items

        inputs, outputs = len(probe["inputs"]), len(probe["outputs"])
        saved = record(header.get("saved") or {"tensors": 0, "bytes": 0})
        return ProbeResult(
            id=probe["id"],
            outputs=counted("outputs", tensor_or_oddity, outputs),
            grads=counted("grads", tensor_if_any, inputs),
            echo=counted("echo", tensor, inputs + len(probe["upstream"])),
            outputs_after=counted("outputs_after", tensor_or_oddity, outputs),
            error=optional(_probe_error)(header.get("error")),
            calls=several(_call(tensor_if_any), header.get("calls", [])),
            graph=graph(header.get("graph", [])),
            output_requires_grad=counted("output_requires_grad", flag, outputs),
            saved=Saved(number(saved.get("tensors")), number(saved.get("bytes"))),
            derivatives=several(_derivative, header.get("derivatives", [])),
            unseen=name(header.get("unseen", "")),
            touched=several(_touch, header.get("touched", [])),
            computed=name(header.get("computed", "")),
            dropped=name(header.get("dropped", "")),
            operations=optional(number)(header.get("operations")),
            evaluations=number(header.get("evaluations", 0)),
            elsewhere=number(header.get("elsewhere", 0)),
            noticed=_noticed(header.get("noticed")),
        )
