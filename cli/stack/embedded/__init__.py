"""Owns the servers that a local stack brings along as wheels: a Postgres and a Valkey."""
