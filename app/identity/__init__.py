"""Owns people and programs: their accounts, how they prove who they are, what they may do."""
