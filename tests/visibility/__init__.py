"""What of a verdict is shown to whom, and when."""
