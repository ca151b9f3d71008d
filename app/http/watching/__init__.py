"""Owns what operators watch: health, counts for Prometheus, a line in the log for each request."""
