"""Owns reading a file: its source, its top level, and finding its entries."""
