"""Exports that take their time: made by workers slice by slice, and kept for a day."""
