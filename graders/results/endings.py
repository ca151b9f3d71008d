"""Owns the words for how a run ended."""

from __future__ import annotations

from graders.model.evidence import Ending

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
