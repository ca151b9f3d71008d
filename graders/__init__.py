"""Owns judging: exercises as data, what is asked of a submission, and what the answers are worth."""

VERSION = "2026.11.1"
"""Stored with every score; it changes whenever the same answers could be judged differently."""
