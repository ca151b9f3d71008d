"""Owns what a child gives up before a file runs in it: privileges, files, system calls."""
