"""Owns the Python source that shows a failure on a student's own machine, with nothing but PyTorch.

What comes from the student's file gets into it as identifiers only, and into its comments on one
line.
"""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from graders.judging.exercise_run import ExerciseRun
from graders.model.evidence import Entry
from graders.probes.probe import Probe
from graders.results import formatting
from graders.results.failure import Failure, Instance
from graders.results.report import Shown

_HEAD = "# At the end of your file, this shows what went wrong."
_DTYPES = {"float32": "", "float64": ", dtype=torch.float64"}
_DIGITS = {"float32": 7, "float64": 12}
_TAKEN = frozenset({"torch", *keyword.kwlist, *dir(builtins)})


def snippet(run: ExerciseRun, failures: Sequence[Failure]) -> str | None:
    """Source for the first failure that has an instance; None where there is none to run."""
    entries = _entries(run)
    instance = next((failure.instance for failure in failures if failure.instance), None)
    if instance is None or entries is None:
        return None
    names = _names(run, instance.probe)
    failure = next(failure for failure in failures if failure.instance is instance)
    return "\n".join([*_lines(instance, failure, entries, names), ""])


def _entries(run: ExerciseRun) -> dict[str, str] | None:
    """How each entry is called, by slug; None where a name cannot be written down."""
    called = {slug: _called(entry) for slug, entry in run.entries.items()}
    return None if None in called.values() else {s: one for s, one in called.items() if one}


def _called(entry: Entry) -> str | None:
    name = entry.found
    if name is None or not all(map(_is_identifier, name.split("."))):
        return None
    if entry.kind == "renamed-class":
        return f'getattr({name}, "apply", {name})'
    return name if entry.kind == "callable" else f"{name}.apply"


def _is_identifier(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


@dataclass(frozen=True, slots=True)
class _Names:
    """The variables of a snippet: one for each input, each upstream gradient, each value."""

    inputs: list[str]
    upstream: list[str]
    values: list[str]


def _names(run: ExerciseRun, probe: Probe) -> _Names:
    """The student's own names where they can be used; no two are the same, none hides another."""
    taken = {entry.found for entry in run.entries.values()} | set(_TAKEN)

    def free(wanted: Iterable[str], fallback: Iterable[str]) -> list[str]:
        found = []
        for name, other in zip(wanted, fallback, strict=True):
            name = name.replace("'", "_")
            name = name if _is_identifier(name) and name not in taken else other
            while name in taken:
                name += "_"
            taken.add(name)
            found.append(name)
        return found

    steps = [step.result for step in run.exercise.steps] or ["y"]
    ours, count = run.exercise.inputs, len(probe.calls)
    inputs = free(
        formatting.labels(probe, run.names),
        (name.replace("'", "_") for name in formatting.labels(probe, ours)),
    )
    upstream = ["dzdy" + "_" * at for at in range(count)]
    values = [name + "_" * at for at in range(count) for name in steps]
    return _Names(inputs, free(upstream, upstream), free(values, values))


def _lines(
    instance: Instance, failure: Failure, entries: dict[str, str], names: _Names
) -> Iterator[str]:
    probe = instance.probe
    phase = instance.phase if probe.upstream else "forward"
    yield _HEAD
    yield "import torch"
    yield ""
    if (digits := _digits(instance)) is not None:
        yield f"torch.set_printoptions(precision={digits})"
    for name, value, layout, needs in zip(
        names.inputs, probe.inputs, probe.layouts, probe.needs, strict=True
    ):
        yield f"{name} = {_tensor(value, probe.dtype, layout, needs and phase != 'forward')}"
    if phase == "backward":
        for name, value in zip(names.upstream, probe.upstream, strict=True):
            yield f"{name} = {_tensor(value, probe.dtype, probe.upstream_layout, False)}"
    yield ""
    calls, outputs = _calls(probe, entries, names)
    yield from calls
    if (
        failure.kind[:1] == ("gradient",)
        and failure.kind[-1] == "shape"
        and _is_plain(probe, entries)
    ):
        yield from _returned(instance, outputs[0], names)
        return
    if phase == "backward":
        yield from _backward(probe, outputs, names)
    yield from _told(instance, failure, outputs, names)


def _is_plain(probe: Probe, entries: dict[str, str]) -> bool:
    """Whether a probe is one call of one Function."""
    first, *others = entries.values()
    return len(probe.calls) == 1 and not others and first.endswith(".apply")


def _returned(instance: Instance, output: str, names: _Names) -> Iterator[str]:
    """What backward itself returned: PyTorch's engine refuses or adds up what has another shape."""
    alone = len(names.inputs) == 1
    yield f"grads = {output}.grad_fn.apply({names.upstream[0]})  # what backward returns"
    yield "print(grads)" if alone else f"print(grads[{instance.input}])"
    yield from _pair(instance)


def _calls(probe: Probe, entries: dict[str, str], names: _Names) -> tuple[list[str], list[str]]:
    """The lines that call the entries, and the names of the outputs."""
    steps, outputs = probe.steps()
    known = [*names.inputs, *names.values]
    lines = []
    for number, step in enumerate(steps):
        args: Any = step["args"]
        entry = entries[str(step["entry"])]
        lines.append(f"{names.values[number]} = {entry}({', '.join(known[at] for at in args)})")
    return lines, [known[at] for at in outputs]


def _backward(probe: Probe, outputs: list[str], names: _Names) -> Iterator[str]:
    left = list(zip(outputs, names.upstream, strict=True))
    if probe.apart:
        output, upstream = left.pop(1)
        yield f"{output}.backward({upstream})"
    if len(left) > 1:
        several, theirs = (", ".join(part) for part in zip(*left, strict=True))
        yield f"torch.autograd.backward([{several}], [{theirs}])"
        return
    output, upstream = left[0]
    if probe.backwards > 1:
        yield f"{output}.backward({upstream}, retain_graph=True)"
        for name, needs in zip(names.inputs, probe.needs, strict=True):
            if needs:
                yield f"{name}.grad = None"
    yield f"{output}.backward({upstream})"


def _told(instance: Instance, failure: Failure, outputs: list[str], names: _Names) -> Iterator[str]:
    """What to look at, and what it should be."""
    if failure.kind[:1] == ("exception",):
        yield f"# expected: no exception. It stops with {_one_line(str(failure.kind[2]))}."
        return
    if instance.input is not None:
        yield f"print({names.inputs[instance.input]}.grad)"
    elif failure.kind[:1] == ("changed",):
        sent = [*names.inputs, *names.upstream]
        yield f"print({sent[int(failure.kind[1])]})"
    else:
        yield f"print({outputs[_wrong_output(instance, failure)]})"
    yield from _pair(instance)


def _pair(instance: Instance) -> Iterator[str]:
    """What is wanted and what came, as comments."""
    for word, value in (("expected", instance.want), ("yours", instance.got)):
        shown = formatting.shown(value, "", instance.probe.dtype if word == "expected" else "")
        yield f"# {word + ':':9} {_numbers(shown)}"


def _wrong_output(instance: Instance, failure: Failure) -> int:
    return int(failure.kind[2]) if len(failure.kind) > 2 else 0


def _numbers(shown: Shown | None) -> str:
    if shown is None:
        return "None"
    if shown["values"] is None:
        return _one_line(f"a {shown['dtype']}")
    cut = ", and more" if str(shown["values"]).count(",") + 1 < _size(shown["shape"]) else ""
    return f"{shown['values']}, shape {tuple(shown['shape'])}{cut}".replace("'", "")


def _size(shape: Sequence[int]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _digits(instance: Instance) -> int | None:
    """How many decimals to print, where PyTorch's four would not show the difference."""
    if instance.at is None or not isinstance(instance.want, Tensor):
        return None
    assert isinstance(instance.got, Tensor)
    pair = (float(instance.want[instance.at]), float(instance.got[instance.at]))
    return None if abs(pair[0] - pair[1]) >= 1e-3 else _DIGITS[instance.probe.dtype]


def _tensor(value: Tensor, dtype: str, layout: str, needs: bool) -> str:
    """An expression for a tensor with these elements, laid out so in memory."""
    if value.numel() == 0:
        made = f"torch.zeros({tuple(value.shape)}{_DTYPES[dtype]}"
    else:
        made = f"torch.tensor({_literal(value.numpy().astype(dtype))}{_DTYPES[dtype]}"
    if layout == "contiguous" or value.numel() == 0:
        return made + (", requires_grad=True)" if needs else ")")
    if layout == "expanded":
        row = value[(0,) * (value.dim() - 1)] if value.dim() > 1 else value[0]
        literal = _literal(row.numpy().astype(dtype))
        return f"torch.tensor({literal}{_DTYPES[dtype]}).expand({tuple(value.shape)})"
    turned = {
        "transposed": ".transpose(0, -1).contiguous().transpose(0, -1)",
        "strided": ".repeat_interleave(2)[::2]",
    }[layout]
    return f"{made}){turned}" + (".requires_grad_()" if needs else "")


def _literal(array: Any) -> str:
    """Numbers with as many digits as their dtype needs, in nested lists."""
    if array.ndim == 0:
        return repr(float(str(array)))
    return f"[{', '.join(_literal(part) for part in array)}]"
