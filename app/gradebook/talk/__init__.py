"""Owns what staff and a student say to each other about the student's work."""
