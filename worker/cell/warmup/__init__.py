"""Owns what is done before any file comes, so that no child has to do it again."""
