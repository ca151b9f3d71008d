"""Owns the pages of accounts: signing in, one's own account, and those of the site."""
