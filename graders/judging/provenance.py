"""Owns the question what of a run was not the file's own work, but PyTorch's."""

from __future__ import annotations

from graders.model.evidence import Node, ProbeResult

_MOVING = frozenset(
    {
        "Alias",
        "AsStrided",
        "Cat",
        "Clone",
        "ConstantPadNd",
        "CopyBackwards",
        "CopySlices",
        "Diagonal",
        "DiagonalScatter",
        "Expand",
        "Flip",
        "Gather",
        "GraphRoot",
        "Index",
        "IndexCopy",
        "IndexPut",
        "IndexSelect",
        "MaskedSelect",
        "Movedim",
        "Narrow",
        "Permute",
        "Repeat",
        "Reshape",
        "ReshapeAlias",
        "Roll",
        "Rot90",
        "Scatter",
        "Select",
        "SelectScatter",
        "Slice",
        "SliceScatter",
        "Split",
        "SplitWithSizes",
        "Squeeze",
        "Stack",
        "T",
        "Take",
        "ToCopy",
        "Transpose",
        "Unbind",
        "Unfold",
        "UnsafeView",
        "Unsqueeze",
        "View",
    }
)
"""Nodes of PyTorch's own that only move elements about; a composed callable may contain them.
`IndexPut` can add up as well, which shows in the direct run, where each element is followed."""
_UNSEEN = {
    "profiler": "A profiler of your file's own was at work, so PyTorch could not tell what ran. "
    "Take it out, or put it into the `__main__` block.",
    "graph": "The graph behind the result is larger than can be looked at.",
}


def plain_name(name: str) -> str:
    """A node or an operation as PyTorch calls it, without what only it needs."""
    return name.removeprefix("torch::autograd::").removeprefix("aten::").rstrip("0123456789")


def moves(name: str) -> bool:
    """Whether a node only moves elements about."""
    plain = plain_name(name)
    return plain in _MOVING or plain.removesuffix("Backward") in _MOVING


def is_leaf(node: Node) -> bool:
    """Whether a node stands for a leaf: an input, or another tensor that requires gradients."""
    return node.name.endswith("AccumulateGrad")


def in_graph(result: ProbeResult) -> str | None:
    """A node behind the outputs that computes and is not the file's own, if there is one."""
    foreign = [node.name for node in result.graph if not (node.own or is_leaf(node))]
    foreign += [one.name for one in result.derivatives if not one.inside]
    return next((plain_name(name) for name in foreign if not moves(name)), None)


def inside(result: ProbeResult) -> str | None:
    """A derivative that was evaluated for one of the file's Functions, if there is one."""
    return next((plain_name(one.name) for one in result.derivatives if one.inside), None)


def unseen(result: ProbeResult) -> str | None:
    """Why nobody can say whether anything was borrowed, in words; None where all was seen."""
    return _UNSEEN.get(result.unseen, result.unseen) or None


def way_around(result: ProbeResult) -> bool:
    """Whether a leaf can be reached from the outputs without passing a node of the file's own."""
    nodes = {node.id: node for node in result.graph}
    reached = {other for node in result.graph for other in node.next}
    waiting = [node.id for node in result.graph if node.id not in reached]
    seen = set(waiting)
    while waiting:
        node = nodes[waiting.pop()]
        if is_leaf(node):
            return True
        if not node.own:
            new = [other for other in dict.fromkeys(node.next) if other not in seen]
            waiting += new
            seen.update(new)
    return False
