"""Tables of what is taught, and to whom."""
