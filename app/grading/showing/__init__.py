"""What of somebody's work is shown to whom, and when."""
