"""One client floods the service, and somebody honest goes on working beside it."""
