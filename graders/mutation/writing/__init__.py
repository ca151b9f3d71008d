"""Owns right and wrong files as text: written in several styles, and changed in small ways."""
