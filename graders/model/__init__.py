"""Owns what an exercise is, what a cell may answer, and when two tensors are the same."""
