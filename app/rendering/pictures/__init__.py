"""Owns the pictures of feedback: a report in, SVG and plain sentences out, without a script.

Templates call these as `pictures.heatmap(...)`; `templates/feedback/exercise.html` shows how.
Whatever a report holds, they return something to show or nothing at all (`Markup("")` or None).
"""

from app.rendering.pictures.bars import bars
from app.rendering.pictures.calls import order
from app.rendering.pictures.cost import cost
from app.rendering.pictures.curve import curve
from app.rendering.pictures.difference import difference
from app.rendering.pictures.drawing.svg import clean
from app.rendering.pictures.exhibit import ExhibitView, first_exhibit, forward_failed, of_exhibit
from app.rendering.pictures.graph import graph
from app.rendering.pictures.heatmap import heatmap
from app.rendering.pictures.share import share
from app.rendering.pictures.truth import truth

__all__ = [
    "ExhibitView",
    "bars",
    "clean",
    "cost",
    "curve",
    "difference",
    "first_exhibit",
    "forward_failed",
    "graph",
    "heatmap",
    "of_exhibit",
    "order",
    "share",
    "truth",
]
