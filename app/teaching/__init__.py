"""Owns courses: who is in them, what they are to do, and what came of it."""
