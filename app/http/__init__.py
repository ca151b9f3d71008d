"""Owns the HTTP edge: what a request passes through, and what a route may ask of it."""
