"""Owns what is to be seen of a class as a whole: how it works, and what it does not understand."""
