"""Owns mail: what waits in the outbox, what it says, and how it is sent."""
