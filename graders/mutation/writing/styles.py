"""Owns files as different people would write them, all made of the same formulas.

Given a misconception they are wrong in one and the same way; given none they are right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graders.model.exercise import Exercise, Misconception
from graders.mutation.writing.rewriting import in_steps, renamed, respelt

PREAMBLE = "import torch\nfrom torch.autograd import Function\n"


@dataclass(frozen=True, slots=True)
class Writing:
    """A style: how a person names and lays out one Function class."""

    name: str
    names: tuple[str, ...]
    upstream: str
    result: str
    write: Callable[[Formulas], str]
    entry: int = 0
    around: str = "{}"


@dataclass(frozen=True, slots=True)
class Formulas:
    """What a class is made of, in the names of its author."""

    cls: str
    inputs: tuple[str, ...]
    forward: str
    gradients: tuple[str, ...]
    upstream: str
    result: str

    @property
    def listed(self) -> str:
        """The inputs, as parameters."""
        return ", ".join(self.inputs)


def written(exercise: Exercise, wrong: Misconception | None = None) -> Iterator[tuple[str, str]]:
    """The name of each style, and the exercise's class in it, with imports."""
    for style in STYLES:
        yield style.name, PREAMBLE + class_in(style, exercise, wrong)


def class_in(style: Writing, exercise: Exercise, wrong: Misconception | None = None) -> str:
    """The exercise's class in one style, without imports."""
    names = _names(style, exercise)
    gradients = {**exercise.gradients, **(wrong.gradients if wrong else {})}
    forward = (wrong.forward if wrong else None) or exercise.reference
    entry = exercise.entries[style.entry % len(exercise.entries)]
    return "\n\n" + style.write(
        Formulas(
            cls=style.around.format(entry),
            inputs=tuple(names[one] for one in exercise.inputs),
            forward=renamed(forward, names),
            gradients=tuple(renamed(gradients[one], names) for one in exercise.inputs),
            upstream=style.upstream,
            result=style.result,
        )
    )


def _names(style: Writing, exercise: Exercise) -> Mapping[str, str]:
    own = style.names[: len(exercise.inputs)] or exercise.inputs
    names = dict(zip(exercise.inputs, own, strict=True))
    return names | {"dzdy": style.upstream, "y": style.result}


def lines(*parts: str | list[str], indent: int = 0) -> str:
    """Lines of code; a list is indented two levels, as the body of a method is."""
    text = []
    for part in parts:
        text += [part] if isinstance(part, str) else [f"        {line}" for line in part]
    return "\n".join(" " * indent + line for line in text) + "\n"


def _tidy(of: Formulas) -> str:
    """Lambdas, of which only the needed ones are called."""
    each = ", ".join(f"lambda: {one}" for one in of.gradients)
    return lines(
        f"class {of.cls}(Function):",
        "    @staticmethod",
        f"    def forward(ctx, {of.listed}):",
        [
            f"{of.result} = {of.forward}",
            f"ctx.save_for_backward({of.listed}, {of.result})",
            f"return {of.result}",
        ],
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [
            f"{of.listed}, {of.result} = ctx.saved_tensors",
            f"gradients = [{each}]",
            "return tuple(g() if n else None for g, n in zip(gradients, ctx.needs_input_grad))",
        ],
    )


def _as_in_the_manual(of: Formulas) -> str:
    """None first, then an `if` for each input."""
    own = [f"grad_{name}" for name in of.inputs]
    body = [f"{of.listed}, {of.result} = ctx.saved_tensors", f"{' = '.join(own)} = None"]
    for at, (name, formula) in enumerate(zip(own, of.gradients, strict=True)):
        body += [f"if ctx.needs_input_grad[{at}]:", f"    {name} = {formula}"]
    return lines(
        f"class {of.cls}(torch.autograd.Function):",
        "    @staticmethod",
        f"    def forward(ctx, {of.listed}):",
        [
            f"{of.result} = {of.forward}",
            f"ctx.save_for_backward({of.listed}, {of.result})",
            f"return {of.result}",
        ],
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [*body, f"return {', '.join(own)}"],
    )


def _with_setup_context(of: Formulas) -> str:
    """The newer form: forward knows nothing of ctx."""
    needed = [
        f"({formula}) if ctx.needs_input_grad[{at}] else None"
        for at, formula in enumerate(of.gradients)
    ]
    return lines(
        f"class {of.cls}(Function):",
        "    @staticmethod",
        f"    def forward({of.listed}):",
        [f"return {of.forward}"],
        "    @staticmethod",
        "    def setup_context(ctx, inputs, output):",
        ["ctx.save_for_backward(*inputs, output)"],
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [f"{of.listed}, {of.result} = ctx.saved_tensors", f"return {', '.join(needed)}"],
    )


def _in_small_steps(of: Formulas) -> str:
    """One operation a line; the result is worked out again instead of being kept."""
    body = [f"{of.listed}, = ctx.saved_tensors", *in_steps(of.forward, of.result, "f")]
    own = [f"d{name}" for name in of.inputs]
    for at, (name, formula) in enumerate(zip(own, of.gradients, strict=True)):
        steps = in_steps(formula, name, f"t{at}_")
        body += [f"{name} = None", f"if ctx.needs_input_grad[{at}]:"]
        body += [f"    {step}" for step in steps]
    return lines(
        f"class {of.cls}(Function):",
        "    @staticmethod",
        f"    def forward(ctx, {of.listed}):",
        [
            f"ctx.save_for_backward({of.listed})",
            *in_steps(of.forward, of.result, "s"),
            f"return {of.result}",
        ],
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [*body, f"return {', '.join(own)}"],
    )


def _respelt(of: Formulas) -> str:
    """Factors the other way round, functions for methods, attributes of ctx."""
    keep = [f"ctx.{name} = {name}" for name in (*of.inputs, of.result)]
    take = [f"{name} = ctx.{name}" for name in (*of.inputs, of.result)]
    own = [
        f"{respelt(formula)} if ctx.needs_input_grad[{at}] else None"
        for at, formula in enumerate(of.gradients)
    ]
    return lines(
        f"class {of.cls}(Function):",
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [*take, "return (", *(f"    {one}," for one in own), ")"],
        "    @staticmethod",
        f"    def forward(ctx, {of.listed}):",
        [f"{of.result} = {respelt(of.forward)}", *keep, f"return {of.result}"],
    )


def _with_helpers(of: Formulas) -> str:
    """Functions beside the class do the work."""
    everything = f"{of.listed}, {of.result}, {of.upstream}"
    stem = of.cls.lower()
    helpers = [f"def {stem}_value({of.listed}):", f"    return {of.forward}", ""]
    for name, formula in zip(of.inputs, of.gradients, strict=True):
        helpers += [f"def {stem}_slope_{name}({everything}):", f"    return {formula}", ""]
    slopes = ", ".join(f"{stem}_slope_{name}" for name in of.inputs)
    return lines(
        *helpers,
        f"class {of.cls}(Function):",
        "    @staticmethod",
        f"    def forward(ctx, {of.listed}):",
        [
            f"{of.result} = {stem}_value({of.listed})",
            f"ctx.save_for_backward({of.listed}, {of.result})",
            f"return {of.result}",
        ],
        "    @staticmethod",
        f"    def backward(ctx, {of.upstream}):",
        [
            f"everything = (*ctx.saved_tensors, {of.upstream})",
            "wanted = []",
            f"for slope, needed in zip(({slopes},), ctx.needs_input_grad):",
            "    wanted.append(slope(*everything) if needed else None)",
            "return tuple(wanted)",
        ],
    )


STYLES = (
    Writing("tidy", (), "dzdy", "y", _tidy),
    Writing("as in the manual", ("a", "b", "c"), "grad_output", "out", _as_in_the_manual, 0,
            "{}Function"),
    Writing("with setup_context", ("u", "v", "w"), "g", "r", _with_setup_context, 1, "My{}"),
    Writing("in small steps", ("left", "right", "third"), "up", "value", _in_small_steps, 2),
    Writing("respelt", ("p", "q", "s"), "dL", "z", _respelt, 3, "Custom{}"),
    Writing("with helpers", ("in1", "in2", "in3"), "delta", "res", _with_helpers, -1),
)  # fmt: skip
