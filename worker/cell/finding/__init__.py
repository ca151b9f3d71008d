"""Owns finding the entries of a file: what is graded for which exercise."""
