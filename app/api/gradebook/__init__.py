"""Owns the routes about grades: changing them, their groups, the log, appeals and comments."""
