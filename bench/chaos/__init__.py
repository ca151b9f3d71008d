"""Uploads coming in while every part of the service is killed: what is accepted is graded, once."""
