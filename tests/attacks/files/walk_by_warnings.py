"""Loads warnings once more without its C half, which hands a caller's globals to a function of the file's.

Group: frame and gc walks
"""
import importlib.util
import sys
import warnings

sys.modules["_warnings"] = None
spec = importlib.util.spec_from_file_location("warnings2", warnings.__file__)
other = importlib.util.module_from_spec(spec)
spec.loader.exec_module(other)


def spy(message, category, filename, lineno, module, registry, space, source=None):
    if space.get("__name__", "").startswith("cell"):
        print("BREACH: globals of", space["__name__"], "send" in space, "probes" in space)


other.warn_explicit = spy
for level in range(1, 12):
    try:
        other.warn("x", stacklevel=level)
    except BaseException as error:
        print(level, type(error), error)
