"""Owns a submission's life: handed in, queued, leased, settled, watched, graded again."""
