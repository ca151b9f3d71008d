"""Owns `make mutants`: puts mutants of right files to the graders, and keeps the table."""
