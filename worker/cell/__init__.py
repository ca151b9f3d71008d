"""The program that runs inside a cell: standard library, torch and numpy, nothing else of ours.

Its folder is mounted into the cell by itself, as the package `cell`, so its modules import each
other relatively (`from . import frames`).
"""
