"""Owns grading as a service: tasks, the pipeline of one submission, and the cells it runs in."""
