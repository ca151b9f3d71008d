"""Owns what is said about a verdict: summary, notes, remarks, smallest case, snippet, details."""
