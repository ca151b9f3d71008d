"""Owns the tensors of one probe: fresh ones to run it on, and those that are sent back."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from typing import Any

from . import tensors

globals()["__builtins__"] = vars(builtins).copy()


def prepared(probe: dict[str, Any], given: list[Any], limit: int) -> types.SimpleNamespace:
    """Fresh tensors for a probe, and room for what comes of them."""
    parts, pack = packer(limit)
    return types.SimpleNamespace(
        inputs=[
            tensors.fresh(given[at], layout, requires_grad)
            for at, layout, requires_grad in probe["inputs"]
        ],
        upstream=[tensors.laid_out(given[at], layout) for at, layout in probe["upstream"]],
        given=[given[at] for at, *_ in (*probe["inputs"], *probe["upstream"])],
        outputs=[],
        sent=[],
        grads=[],
        live=[],
        touched=[],
        phase="forward",
        error=None,
        graph=[],
        saved=None,
        parts=parts,
        pack=pack,
    )


def packer(limit: int) -> tuple[list[bytes], Callable[..., list[Any]]]:
    """The parts of a frame's body, and a function that adds values and gives their descriptions.

    None stays None where `nothing` says that it has a meaning; elsewhere it is an oddity.
    """
    parts: list[bytes] = []
    at = 0

    def pack(values: Any, nothing: bool = True) -> list[Any]:
        nonlocal at
        packed: list[Any] = []
        for value in values:
            if value is None and nothing:
                packed.append(None)
            else:
                header, at = tensors.pack(value, parts, at, limit)
                packed.append(header)
        return packed

    return parts, pack


def echo(made: types.SimpleNamespace) -> list[Any]:
    """The inputs and upstream gradients, if any of them is not what it was any more."""
    now = [*made.inputs, *made.upstream]
    same = all(tensors.same(one, was) for one, was in zip(now, made.given, strict=True))
    return [] if same else now


def outputs_after(made: types.SimpleNamespace) -> list[Any]:
    """The outputs, if they are not any more what they were when they were packed, first of all."""
    parts = iter(made.parts)
    same = all(tensors.is_still(*one, parts) for one in zip(made.outputs, made.sent, strict=False))
    return [] if same else made.outputs
