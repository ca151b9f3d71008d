"""Owns how things are shown: templates and their formatting, markdown, formulas, pictures."""
