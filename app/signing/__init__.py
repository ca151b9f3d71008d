"""Owns what is signed with the service's own keys, so that anybody can check it later."""
