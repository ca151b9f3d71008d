"""Owns the pages about what comes out of a course: receipts, exports, findings."""
