"""The program that runs inside a cell: standard library, torch and numpy, nothing else of ours.

Its folder is mounted into the cell by itself, as the package `cell`, so its modules import each
other relatively (`from . import protocol`).

Many of them begin with `globals()["__builtins__"] = vars(builtins).copy()`: a function finds `len`
or `print` where its module had `__builtins__` when it was defined, so what a file does to
`builtins` later changes nothing in ours. It has to stand in each module, above its functions.
"""
