"""Owns making notebooks for tests."""

from __future__ import annotations

import json
from typing import Any


def cell(source: str | list[str], kind: str = "code", **more: Any) -> dict[str, Any]:
    """A notebook cell; one of code has no outputs unless they are given."""
    if kind == "code":
        more = {"outputs": [], "execution_count": None} | more
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def notebook(*cells: str | dict[str, Any], **metadata: Any) -> bytes:
    """The bytes of a notebook; a text is a cell of code."""
    made = [cell(one) if isinstance(one, str) else one for one in cells]
    whole = {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": made}
    return json.dumps(whole).encode()
