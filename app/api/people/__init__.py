"""Owns the routes about people: rosters, who is in a course, sections, links, tokens."""
