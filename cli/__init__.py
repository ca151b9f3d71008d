"""The `chainrule` command: grades files, runs the service, looks after its people and courses."""
