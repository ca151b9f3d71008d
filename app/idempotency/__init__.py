"""Owns what is sent twice: it is done once."""
