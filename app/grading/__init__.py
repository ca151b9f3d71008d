"""Owns submissions: handed in or tried, stored, listed, watched."""
