"""Owns reading what a cell says, all of which is hostile until it was checked."""
