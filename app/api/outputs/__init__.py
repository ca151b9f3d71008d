"""Owns the routes about what comes out of a course: receipts, exports, findings."""
