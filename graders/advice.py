"""Owns what to say about an exception that a submission raised: the message, and the way out."""

from __future__ import annotations

import re

from graders.evidence import Entry, ProbeError

_HINTS = (
    (
        r"Legacy autograd function",
        "This is the old style of PyTorch before 1.3. Now `forward` and `backward` are static "
        "methods (`@staticmethod`) that get `ctx` first, and the class is used through `.apply`.",
    ),
    (r"save_for_back(?!ward\b)\w*", "The method is called `ctx.save_for_backward`."),
    (r"save_tensors|saved_tensor\b", "What was saved is read from `ctx.saved_tensors`."),
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
        r"is not implemented|You must implement",
        "Both `forward` and `backward` have to be written, under exactly these names.",
    ),
    (
        r"modified by an inplace operation",
        "Something that was saved for `backward` was changed in place afterwards.",
    ),
    (
        r"not enough values to unpack|too many values to unpack",
        "`ctx.saved_tensors` is a tuple with as many tensors as were saved; a single one is taken "
        "with `y, = ctx.saved_tensors`.",
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


def spoken(error: ProbeError, where: str) -> str:
    """What was raised, and a hint where one is known; `where` is the student's own name."""
    message = " ".join(error.message.split())[:300]
    told = f"{where} stopped with {error.type}" + (f": {message}" if message else "")
    told = told if told.endswith((".", "!", "?")) else told + "."
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, error.message)), "")
    return f"{told} {hint}".strip()


def about_entry(entry: Entry, wanted: str) -> str:
    """Why no entry was found, and what to do; `wanted` is the name that the exercise suggests."""
    name = entry.arguments[0] if entry.arguments else wanted
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
    if entry.near:
        return f"Found `{entry.near[0]}`, did you mean `{wanted}`?"
    return f"Your file defines no class `{wanted}`, nor anything of a similar name."
