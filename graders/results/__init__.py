"""Owns what comes of grading, as plain data, and how values are written in it."""
