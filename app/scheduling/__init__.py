"""Owns whose turn it is: leases, fair shares, places in the queue, reports of pool processes."""
