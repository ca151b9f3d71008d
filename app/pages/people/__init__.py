"""Owns the pages of a course's people: the roster, sections, invitations."""
