"""Owns the shape of what a cell said about one submission, after it was checked and decoded.

There are two runs: an ordinary one, in which PyTorch calls the file's Functions, and a direct one,
in which the grader does and autograd does not exist.

Everything in here comes from the process that ran the submission: it is evidence, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graders.model.places import NONE, Places

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Oddity:
    """A value that came where a tensor was expected; `kind` is for people: "tuple of 2"."""

    kind: str


@dataclass(frozen=True, slots=True)
class SourceError:
    """Why Python could not read the file. `line` counts from 1, `offset` is a column from 1.

    `newer` is the version of Python with whose syntax the line is written, as far as it shows.
    """

    type: str
    message: str
    line: int | None
    offset: int | None
    newer: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A line that was passed over, as it is no Python: a notebook's "command", a "fence" around the
    code, a "space" that is none, a "tab" among spaces, an "indent" of the whole file, a "cell" that
    cannot be read."""

    line: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was known of the file before any of it ran; the versions of Python and of PyTorch."""

    error: SourceError | None
    passed: tuple[Passed, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """A top-level statement that raised; the ones after it ran all the same.

    `lacking` has the names that are missing for it, and `after` says how many later statements
    raised for want of one, of which each is `told` by that. `mended` says that it ran after all,
    without an annotation or a decorator.
    """

    line: int | None
    type: str
    message: str
    lacking: tuple[str, ...] = ()
    after: int = 0
    told: bool = False
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something the file tried that a cell refuses, such as writing a file."""

    what: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file offers for one exercise.

    `kind` is, of what was found or else of the nearest name, "function-class", "renamed-class" (by
    now its name stands for something else), "inner-class", "callable" or None; `why` it was taken:
    "name", "words" (those in its name), "only", or "inside" of a function; `problem` a code that
    says why nothing was found (see `worker.cell.finding.entries`); `arguments` the student's own
    names for the inputs.
    """

    found: str | None
    kind: str | None = None
    line: int | None = None
    problem: str | None = None
    why: str = "name"
    near: tuple[str, ...] = ()
    static_forward: bool = True
    static_backward: bool = True
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the file's top level did, and which entries it left behind, by exercise slug."""

    raised: tuple[Raised, ...]
    blocked: tuple[Blocked, ...]
    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class ProbeError:
    """What was raised in a probe; `phase` is "forward" or "backward"."""

    phase: str
    type: str
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a forward or backward method of one of the file's Functions.

    `which` is "forward" or "backward" (`pass` on the wire). `needs` and `none` have one item for
    each argument of `apply`. `returned` holds what backward returned when something was then wrong
    with it, else nothing. `dtypes` has the dtype of each where any is another than that of what it
    is the gradient of, and "" for those that are not.
    """

    cls: str
    which: str
    line: int | None
    needs: tuple[bool, ...] = ()
    none: tuple[bool, ...] = ()
    returned: tuple[Tensor | Oddity | None, ...] = ()
    dtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph behind the outputs. `input` is set on leaves: which input it is."""

    id: int
    name: str
    own: bool
    next: tuple[int, ...]
    input: int | None = None


@dataclass(frozen=True, slots=True)
class Derivative:
    """One of PyTorch's own that was evaluated: a node of a graph, or an operation that is one.

    `inside` says whether a Function of Python was at work, and not the graph behind the outputs.
    """

    name: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Touch:
    """A call of autograd in a run without it: the public name, or "" where only PyTorch's own code
    saw it, and the line in the file."""

    name: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """What staff may want to look at: "complex" numbers or a "table" from outside of the run, and
    where in the file they were met."""

    kind: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file's Functions kept for their backward passes."""

    tensors: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe did. `grads` has one item for each input.

    `echo` has each input and upstream gradient as it was afterwards, `outputs_after` each output;
    they are empty where nothing has changed.
    """

    id: str
    outputs: tuple[Tensor | Oddity, ...] = ()
    grads: tuple[Tensor | Oddity | None, ...] = ()
    echo: tuple[Tensor, ...] = ()
    outputs_after: tuple[Tensor | Oddity, ...] = ()
    error: ProbeError | None = None
    calls: tuple[Call, ...] = ()
    graph: tuple[Node, ...] = ()
    output_requires_grad: tuple[bool, ...] = ()
    saved: Saved = Saved(0, 0)
    derivatives: tuple[Derivative, ...] = ()
    """As PyTorch itself recorded them, where it was asked to."""
    unseen: str = ""
    """Why not all of a run could be seen: "profiler", "graph", or nothing."""
    touched: tuple[Touch, ...] = ()
    """In a direct run, what of autograd was called."""
    computed: str = ""
    """In a direct run, the first of PyTorch's operations that computed something between two of the
    file's Functions, where elements may only be moved about."""
    dropped: str = ""
    """In a direct run, a mark of the elements that led on to nothing; empty where there were none.
    It is the same for the same elements."""
    operations: int | None = None
    """In a direct run, PyTorch's operations that the file called; None where not counted."""
    evaluations: int = 0
    """How often the operations of forward ran, in their order, within backward."""
    elsewhere: int = 0
    """How many results they gave there that are neither like forward's nor like each other."""
    noticed: tuple[Noticed, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How the run ended.

    `kind` is "done", "timeout", "cpu", "memory", "output", "crashed", "forged" or "malformed".
    """

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it. What is None was never said, because the run ended before."""

    parsed: Parsed | None
    loaded: Loaded | None
    probes: Mapping[str, ProbeResult] = field(default_factory=dict)
    output: str = ""
    output_cut: bool = False
    ending: Ending = Ending("done")
    """How it ended first; after a stop, the rest was asked without the exercise that stopped it."""
    stops: Mapping[str, Ending] = field(default_factory=dict)
    """Each probe in which it was stopped, by id, and how."""
    went_on: bool = False
    """Whether the rest was asked after a stop."""
    direct: Evidence | None = None
    """Of the run without autograd, for that of an ordinary run; None where there was none."""
    places: Places = NONE
    """What the lines of the file are called; known before anything ran."""
    recorded: bool = False
    """Whether PyTorch's own record was kept, as autograd was there in the direct run too."""
