"""Owns the faults that are ours: no cell can be had, or one went away by no doing of a student."""

from __future__ import annotations


class CellFault(Exception):
    """A submission could not be run, and that says nothing about it: try again later."""


class CellUnavailable(CellFault):
    """No cell can be started here. The message says what the host lacks and what to do."""
