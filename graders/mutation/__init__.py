"""Owns mutation testing of the graders: what slips of a right submission they notice, and name."""
