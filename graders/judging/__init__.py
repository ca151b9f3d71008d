"""Owns what answers are worth: one check after another, for one exercise."""
