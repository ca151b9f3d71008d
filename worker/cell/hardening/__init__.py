"""Owns what of Python and torch is taken out of a file's reach."""
