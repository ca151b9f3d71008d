"""Owns the processes of a cell: the origin, the parents that it forks, and their children."""
