"""What the API says of itself beside its routes: examples, and what follows from what."""
