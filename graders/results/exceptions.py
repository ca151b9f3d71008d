"""Owns what to say about an exception that a submission raised: the message, and the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graders.model.evidence import Call, Entry, ProbeError, Raised
from graders.model.places import NONE, Places

_HINTS = (
    (
        r"Legacy autograd function",
        "This is the old style of PyTorch before 1.3. Now `forward` and `backward` are static "
        "methods (`@staticmethod`) that get `ctx` first, and the class is used through `.apply`.",
    ),
    (r"save_for_back(?!ward\b)\w*", "The method is called `ctx.save_for_backward`."),
    (r"save_tensors|saved_tensor\b", "What was saved is read from `ctx.saved_tensors`."),
    (
        r"name 'Function' is not defined",
        "It is imported with `from torch.autograd import Function`.",
    ),
    (
        r"module\(\) takes at most 2 arguments",
        "Its base class is a module: it is `torch.autograd.Function`, with a capital F.",
    ),
    (
        r"not compiled with CUDA|NVIDIA driver|No CUDA GPUs|CUDA error|linked with support for mps|"
        r"MPS backend|not linked with support for",
        "There is no GPU here. A tensor that is made in `forward` or `backward` belongs on "
        "`x.device`, wherever that is.",
    ),
    (r"saved_variables", "`ctx.saved_variables` is gone; it is `ctx.saved_tensors` now."),
    (
        r"number of gradients",
        "`backward` returns one gradient for each argument of `forward` after `ctx`, in their "
        "order, and None for what has none.",
    ),
    (
        r"returned an invalid gradient|expected shape compatible",
        "A gradient has the shape of its input.",
    ),
    (
        r"missing 1 required positional argument: '(ctx|self)'",
        "Use the class through `.apply`, which fills in `ctx`.",
    ),
    (
        r"(forward|backward)\(\) takes \d+ positional arguments? but",
        "PyTorch passes `ctx` before all the others: `forward(ctx, ...)` and "
        "`backward(ctx, dzdy)`.",
    ),
    (
        r"is not implemented|You must implement",
        "Both `forward` and `backward` have to be written, under exactly these names.",
    ),
    (
        r"modified by an inplace operation",
        "Something that was saved for `backward` was changed in place afterwards.",
    ),
    (
        r"expected Variable or None \(got ",
        "What `backward` returns for an input is a tensor, or None where there is no gradient.",
    ),
    (
        r"view size is not compatible",
        "`.view` needs memory in one piece; `.reshape` takes any tensor.",
    ),
    (
        r"save_for_backward can only save variables",
        "Only tensors go into `ctx.save_for_backward`; keep other things as `ctx.name = ...`.",
    ),
)
_HINTS_IN_BACKWARD = (
    (
        r"expected \d+, got 0|tuple index out of range",
        "Is it `ctx.saved_tensors`? It holds what `forward` passed to "
        "`ctx.save_for_backward(...)`, and is empty where that was not called.",
    ),
    (
        r"not enough values to unpack|too many values to unpack",
        "Is it `ctx.saved_tensors` that is unpacked? It has as many tensors as were saved; a "
        "single one is taken with `y, = ctx.saved_tensors`. `ctx.needs_input_grad` has one entry "
        "for each argument of `forward`.",
    ),
    (
        r"'tuple' object is not callable",
        "`ctx.saved_tensors` is a tuple and not a method, and so is `ctx.needs_input_grad`: there "
        "are no parentheses after it.",
    ),
    (
        r"'tuple'|not tuple|only integer tensors of a single element can be converted to an index",
        "Is it a tuple that is computed with? `ctx.saved_tensors` is one even where a single "
        "tensor was saved, which is taken with `y, = ctx.saved_tensors`.",
    ),
)
"""Not for what `forward` raised, where nothing was saved yet. They ask, as nobody has the line."""


_SHAPES = re.compile(
    r"returned an invalid gradient at index (\d+) - got \[([\d, ]*)\] "
    r"but expected shape compatible with \[([\d, ]*)\]"
)


def describe(
    error: ProbeError,
    where: str,
    calls: Iterable[Call] = (),
    raised: Iterable[Raised] = (),
    places: Places = NONE,
    shapes: str = "",
) -> str:
    """What was raised, and a hint where one is known; `where` is the student's own name.

    `calls` are those that were seen, whose results may show more than the exception does; `raised`
    are the statements of the top level that raised, for want of which a name may not be there.
    `shapes` says in a sentence what was put in, which such an exception seldom does.
    """
    message = " ".join(error.message.split())[:300]
    told = f"{where} stopped with {error.type}" + (f": {message}" if message else "")
    told = told if told.endswith((".", "!", "?")) else told + "."
    hints = _HINTS if error.phase == "forward" else _HINTS + _HINTS_IN_BACKWARD
    why = (
        _miscounted(error, calls) or _for_want(error, raised, places) or hint(error.message, hints)
    )
    return " ".join(filter(None, (told, shapes, why)))


def is_about_shape(error: ProbeError) -> bool:
    """Whether it says that a gradient has another shape than its input."""
    return _SHAPES.search(error.message) is not None


def _for_want(error: ProbeError, raised: Iterable[Raised], places: Places) -> str:
    """Why a name is not there, where a statement that raised should have made it."""
    for one in raised if error.type == "NameError" else ():
        if any(error.message.startswith(f"name '{name}' is ") for name in one.lacking):
            at = f" in {places.spoken(one.line)}" if one.line else ""
            return f"The statement{at} should have made it, and raised {one.type}: {one.message}."
    return ""


def misshapen(error: ProbeError, names: Sequence[str]) -> str:
    """What the engine says of a gradient's shape, in words; `names` are the Function's inputs.

    Empty where it says something else, or speaks of an input that has no name.
    """
    found = _SHAPES.search(error.message)
    if found is None or int(found[1]) >= len(names):
        return ""
    name = names[int(found[1])]
    got, want = (tuple(map(int, re.findall(r"\d+", shape))) for shape in found.group(2, 3))
    return wrong_shape(name, got, want)


def wrong_shape(name: str, got: tuple[int, ...], want: tuple[int, ...]) -> str:
    """What to say of a gradient's shape."""
    turned = len(got) > 1 and got == want[::-1]
    end = ": it is transposed." if turned else ". A gradient has the shape of its input."
    return f"The gradient of `{name}` has shape {got}, but `{name}` has shape {want}{end}"


def hint(message: str, hints: Iterable[tuple[str, str]] = _HINTS) -> str:
    """What to do about an exception, going by its message; empty where nothing is known."""
    return next((hint for pattern, hint in hints if re.search(pattern, message)), "")


def _miscounted(error: ProbeError, calls: Iterable[Call]) -> str:
    """Why the number of gradients is wrong, where what backward returned shows it."""
    if "number of gradients" not in error.message:
        return ""
    returned = [call.returned for call in calls if call.which == "backward"]
    if any(len(one) == 1 and one[0] is None for one in returned):
        return "`backward` returned None: is there a `return` at its end?"
    if "got 1)" in error.message and any(len(one) > 1 for one in returned):
        return "A list counts as one thing. Return a tuple: `return a, b`, without brackets."
    return ""


def _unmade(entry: Entry, raised: Raised | None, places: Places) -> str:
    """Why a statement did not define what it should."""
    what = f"`{entry.arguments[0]}`" if entry.arguments else "this"
    where = places.spoken(entry.line or 1)
    why = f" {raised.type}: {' '.join(raised.message.split())[:300]}" if raised else ""
    told = f"The statement that defines {what} raised{why or ' an exception'}, in {where}."
    return f"{told} {hint(raised.message) if raised else ''}".strip()


def about_entry(entry: Entry, wanted: str, raised: Iterable[Raised], places: Places) -> str:
    """Why no entry was found, and what to do; `wanted` is the name that the exercise suggests."""
    name = entry.arguments[0] if entry.arguments else wanted
    if entry.problem == "raised":
        return _unmade(entry, next((one for one in raised if one.line == entry.line), None), places)
    if entry.problem == "nn-module":
        return (
            f"`{name}` is a subclass of nn.Module. This exercise asks for a subclass of "
            "torch.autograd.Function, with static methods `forward(ctx, ...)` and "
            "`backward(ctx, dzdy)`."
        )
    if entry.problem == "not-a-function-class":
        return (
            f"The class `{name}` does not inherit from torch.autograd.Function: write "
            f"`class {name}(Function):`."
        )
    if entry.problem == "not-own":
        return (
            f"`{name}` is not written in your file, it is a function that comes from elsewhere. "
            "The exercise asks for a Function of your own."
        )
    if entry.problem == "not-callable":
        return (
            f"`{name}` is a plain value at the end of your file, so it cannot be called. Was the "
            "name given to something else further down?"
        )
    if entry.problem == "unwritten":
        return f"`{name}` is not written yet."
    return _about_names(entry, wanted)


def _about_names(entry: Entry, wanted: str) -> str:
    """What to say of things in the file that may be meant."""
    what = "function" if entry.kind == "callable" else "class"
    told = listed([f"`{one}`" for one in entry.near])
    if entry.problem == "several":
        return f"Which is meant, {told}? Any of them could be. Call the right one `{wanted}`."
    if entry.problem == "shared":
        return (
            f"{told} could be meant for another exercise just as well. If it belongs here, call it "
            f"`{wanted}`."
        )
    if entry.problem == "unknown":
        return (
            f"Your file defines no {what} `{wanted}`. For no exercise taken: {told}. If one of "
            f"them is it, call it `{wanted}`."
        )
    if entry.near:
        return f"Found {what} {told}, did you mean `{wanted}`?"
    return f"Your file defines no class `{wanted}`, nor anything else that could be meant by it."


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "a, b or c"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
