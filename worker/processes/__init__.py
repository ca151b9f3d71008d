"""Owns the processes of a worker: what each has, says of itself, and how it comes back and ends."""
