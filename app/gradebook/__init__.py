"""Owns grades: what counts, what was changed by hand and why, the table of a course."""
