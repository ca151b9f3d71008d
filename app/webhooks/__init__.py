"""Owns webhooks: whom the service tells of what happens, and how it sees to it that they hear."""
