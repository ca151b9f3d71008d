"""Owns the ways to Postgres and Redis, the time and the log."""
