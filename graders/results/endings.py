"""Owns the words for how a run ended, and for what Python can read."""

from __future__ import annotations

from graders.model.evidence import Ending, Parsed

_ENDINGS = {
    "timeout": "it took longer than one file may, as a loop without an end does",
    "cpu": "it computed for longer than one file may, as a loop without an end does",
    "memory": "it needed more memory than one file may use",
    "output": "it sent more than one file may send",
    "crashed": "the process broke down",
    "forged": "what came back was not what the checks sent",
    "malformed": "what came back could not be read",
    "done": "it was not run",
}


def describe(ending: Ending) -> str:
    """How a run ended, as part of a sentence. Of what breaks down only the detail is telling."""
    if ending.kind == "crashed" and ending.detail:
        return ending.detail
    return _ENDINGS.get(ending.kind, ending.kind)


def versions(parsed: Parsed) -> str:
    """What a file was run with: "Python 3.11.7, PyTorch 2.9.1"; empty where that was not said."""
    return ", ".join(map(" ".join, zip(("Python", "PyTorch"), parsed.versions, strict=False)))


def unread(parsed: Parsed) -> str:
    """Which Python it is that could not read a file, as a sentence or two."""
    newer = parsed.error.newer if parsed.error else ""
    told = f"That line is written for Python {newer}. " if newer else ""
    return f"{told}Files are run with {versions(parsed)}." if parsed.versions else told.strip()
