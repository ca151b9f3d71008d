"""Owns what a submission is asked: probes, and the numbers in them."""
