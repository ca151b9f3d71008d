"""What one viewer may see of one report at one moment, as pure functions."""
