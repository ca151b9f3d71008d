"""Owns judging: exercises as data, what is asked of a submission, what its answers are worth."""

VERSION = "2026.11.8"
"""Stored with every score; it changes whenever the same answers could be judged differently."""
