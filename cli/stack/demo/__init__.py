"""Owns the demo of a local stack: a course, a class in its eighth week, who signs in and how."""
