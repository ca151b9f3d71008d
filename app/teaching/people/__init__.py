"""Owns how people come into a course: one by one, by a roster file, and by their invitations."""
