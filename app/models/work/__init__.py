"""Tables of what people hand in, and of what comes of it in a worker."""
