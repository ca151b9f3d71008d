"""Owns the routes about work that was handed in or tried: submissions, verdicts, files, events."""
