"""Which rules of time hold for whom, what they cost, and whether a file is taken now."""
