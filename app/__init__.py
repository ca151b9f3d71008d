"""The web application and its domain: people, courses, assignments, submissions, grades."""
