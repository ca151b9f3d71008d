"""Owns the proof of the graders: what slips of a right submission they notice, and name."""
