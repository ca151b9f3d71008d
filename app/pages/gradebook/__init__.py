"""Owns the pages about grades: the table of a course, one student's grade, the log of changes."""
