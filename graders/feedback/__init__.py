"""Owns what is said about a verdict: notes, hints, the smallest case, tables and plots."""
