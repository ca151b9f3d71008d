"""Owns the commands that grade without a server: files, and exercises that are being written."""
