"""Owns how names are read: in words, of which some name an exercise and some say nothing."""

from __future__ import annotations

import builtins
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

globals()["__builtins__"] = vars(builtins).copy()

_FILLERS = frozenset(
    """
    a act activation activations acts ad algo algorithm all alt alternative an and ans answer
    apply approach assign assignment auto autodiff autograd axis b backprop basic batch batched
    best better bias binary bis block blog by c calc calculate calculation cell ch chapter class
    clazz clean cls code computation compute computed core correct correctly course cpu custom d
    def define defined demo diff differentiable dim dims do double e efficient elem element
    elementary elements elementwise eval ex exact exam example exercise exercises exo f fancy
    fast final fine finished first fixed float fn for forward free from full fully fun func
    funcs function functional functions fwd g gd general generic good grade graded group h hand
    handmade handwritten help helper hidden hm homework hopefully hw i impl implementation
    implemented implementing in inplace input inputs is it item j k kernel l lab last lastdim
    latest layer layers lecture lesson lib local m main make manual manually mat math matrices
    matrix me mein meine method mine minimal mod module mon my n naive nb nd net network neural
    new newest nice nn no node nodes nograd nonlinear nonlinearity np num number numeric
    numerically numpy o object of official on one op operation operations operator operators ops
    optimal optimised optimized our own p part pass plain point pointwise precise prob problem
    pset pt pure py python pytorch q question questions quick r real ref refactored reference
    rev revised right robust row rows rowwise s safe safely sample scalar scalars scratch second
    section self set sheet simple simplified single slow sol solution solutions solved some
    special stabilised stabilized stable standard static std step student sub submission submit
    super t task tasks ten tensor tensors that the thing third this three time torch toy true
    try tuned tutorial two u u1 ufunc unary unit unnamed updated use user usual v val value
    values vanilla var variant vec vecs vector vectorised vectorized vectors ver version
    versions via w week wip wise with without work working works wrapped wrapper x xs y yet your
    z
    """.split()  # noqa: SIM905
)
"""What people put around the name of a function, which says nothing of what it computes."""
_ASIDE = frozenset(
    """
    abstract attempt back backup backward bad base broken buggy bwd check checker copy
    deprecated derivative draft dx error false grad gradient gradients grads incomplete
    incorrect jac jacobian old original outdated prev previous skeleton starter stub template
    test tester testing tests todo unfinished unused vjp wrong
    """.split()  # noqa: SIM905
)
"""The same, of what is rather not what is handed in."""
_WORDS = _FILLERS | _ASIDE
_GLUED = frozenset({"my", "our", "own", "new", "fn", "op", "fun"})
"""Short fillers that people write without a capital or an underscore."""
_LONGEST = 60
"""Letters of a name that are read; a longer one has its word among the first."""
_Matcher = difflib.SequenceMatcher
_ALIKE, _ALIKE_IF_SHORT, _SHORT = 0.75, 0.66, 3
"""How alike a misspelt name is: with one wrong letter of three, a class of that name still is."""
_TOLD = 5
_COMPARED = 200
"""Names of a file that are compared letter by letter."""


class Reading(NamedTuple):
    """A name in words: those that name exercises, whether any sets it aside, and all the others."""

    phrases: tuple[str, ...]
    is_aside: bool
    unknown: str


def letters(name: str) -> tuple[str, frozenset[int]]:
    """A name's letters in lower case, and the places between them where a word may begin or end.

    That is at its ends, where anything but a letter stood, and where capitals say so.
    """
    plain: list[str] = []
    edges = {0}
    name = name[:_LONGEST]
    for at, letter in enumerate(name):
        if not letter.isalpha():
            edges.add(len(plain))
            continue
        before, after = name[at - 1 : at], name[at + 1 : at + 2]
        if letter.isupper() and (before.islower() or after.islower()):
            edges.add(len(plain))
        plain += letter.lower()[:1]
    return "".join(plain), frozenset({*edges, len(plain)})


def squeezed(phrase: str) -> str:
    """A phrase as it is looked for in names: its letters alone, in lower case."""
    return "".join([one.lower()[:1] for one in phrase[:_LONGEST] if one.isalpha()])


def reader(phrases: Iterable[str]) -> Callable[[str], Reading]:
    """A function that reads names where these phrases (`squeezed`) name exercises."""
    known = frozenset(phrases)
    longest = max((len(phrase) for phrase in known), default=0)
    kept: dict[str, Reading] = {}

    def read(name: str) -> Reading:
        if name not in kept:
            kept[name] = _read(*letters(name), known, max(longest, _LONGEST // 3))
        return kept[name]

    return read


_UNKNOWN, _KNOWN, _PHRASE, _FILLER = 10_000, -100, 10, 1
"""What an unknown letter counts, one of a phrase, a phrase and a filler: the reading that counts
least is taken."""


def _read(text: str, edges: frozenset[int], known: frozenset[str], longest: int) -> Reading:
    """The reading with the fewest unknown letters, then the most in phrases, then the longest."""
    best: list[tuple[int, Reading] | None] = [(0, Reading((), False, ""))]
    best += [None] * len(text)
    for start in range(len(text)):
        so_far = best[start]
        if so_far is None:
            continue
        for end, cost, more in _pieces(text, edges, known, start, longest):
            total, found = so_far[0] + cost, best[end]
            if found is None or total < found[0]:
                best[end] = total, _joined(so_far[1], more)
    last = best[-1]
    return last[1] if last else Reading((), False, text)


def _joined(one: Reading, more: Reading) -> Reading:
    return Reading(
        one.phrases + more.phrases, one.is_aside or more.is_aside, one.unknown + more.unknown
    )


def _pieces(
    text: str, edges: frozenset[int], known: frozenset[str], start: int, longest: int
) -> Iterator[tuple[int, int, Reading]]:
    """What may come next in a name: where it ends, what it counts, what it says."""
    for end in range(start + 1, len(text) + 1):
        piece, at_edges = text[start:end], (start in edges) + (end in edges)
        if len(piece) <= longest:
            # Letters that are no word by themselves must not be found in the middle of one; after
            # a filler they are what is left of a whole name, as in "custommv".
            is_rest = end == len(text) and text[:start] in _FILLERS
            if piece in known and (len(piece) > 2 or at_edges == 2 or is_rest):
                yield end, _PHRASE + _KNOWN * len(piece), Reading((piece,), False, "")
            if piece in _WORDS and _stands_alone(piece, at_edges, end in edges):
                yield end, _FILLER, Reading((), piece not in _FILLERS, "")
        if at_edges == 2:
            yield end, _UNKNOWN * len(piece), Reading((), False, piece)


def _stands_alone(piece: str, at_edges: int, ends: bool) -> bool:
    """Whether a filler is one here: a short one has to be set off by capitals and the like."""
    if len(piece) == 1:
        return at_edges == 2 or (ends and piece in "fsv")
    return len(piece) > 3 or at_edges == 2 or (piece in _GLUED and at_edges > 0)


def near_misses(
    accepted: Iterable[str],
    others: Iterable[str],
    free: Mapping[str, str],
    is_class: Callable[[str], bool],
) -> list[str]:
    """The names in the file that look like one of the accepted phrases; best first.

    `free` has what is left of each name without its fillers. One that looks more like one of
    `others`, another exercise's, is a slip of the pen there.
    """
    alike: dict[str, float] = {}
    for name, left in islice(free.items(), _COMPARED):
        likeness, word = max(((_likeness(left, one), one) for one in accepted), default=(0.0, ""))
        short = len(word) == _SHORT and is_class(name)
        if likeness < (_ALIKE_IF_SHORT if short else _ALIKE):
            continue
        if likeness >= max((_likeness(left, one) for one in others), default=0.0):
            alike[name] = likeness
    return sorted(alike, key=lambda one: -alike[one])[:_TOLD]


def _likeness(name: str, word: str) -> float:
    """From 0 to 1; 0 for what is not alike enough for anything."""
    matcher = _Matcher(None, name, word)
    if not name or min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _ALIKE_IF_SHORT:
        return 0.0
    return matcher.ratio()
