"""Owns reading a file: its source, its top level, and what that left behind."""
