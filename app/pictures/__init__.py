"""Owns the pictures of feedback: a report in, SVG and plain sentences out, without a script.

Templates call these as `pictures.heatmap(...)`; `templates/feedback/exercise.html` shows how.
Whatever a report holds, they return something to show or nothing at all (`Markup("")` or None).
"""

from app.pictures.calls import order
from app.pictures.cost import cost
from app.pictures.curve import curve
from app.pictures.difference import difference
from app.pictures.failure import Failure, failure, forward_failed, of_evidence
from app.pictures.graph import graph
from app.pictures.heatmap import heatmap
from app.pictures.svg import clean
from app.pictures.truth import truth

__all__ = [
    "Failure",
    "clean",
    "cost",
    "curve",
    "difference",
    "failure",
    "forward_failed",
    "graph",
    "heatmap",
    "of_evidence",
    "order",
    "truth",
]
