"""Owns where a cell runs: a container of bubblewrap's, or one that somebody else has started."""
