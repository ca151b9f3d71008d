"""Owns what leaves a course as a file: grades, filled grade files of other systems, hand-ins."""
