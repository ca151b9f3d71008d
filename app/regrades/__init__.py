"""Owns grading again: a preview that changes nothing, and what is then made of it."""
