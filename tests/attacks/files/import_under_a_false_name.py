"""Imports compiled modules that are refused by name, under names of its own.

Group: privilege calls
"""
import importlib.machinery as machinery
import importlib.util
import os
import sys

folder = next((path for path in sys.path if path.endswith("lib-dynload")), "/nowhere")
found = [name for name in (os.listdir(folder) if os.path.isdir(folder) else []) if name.startswith("_ctypes.")]


def walk(gc):
    try:
        print("BREACH: walked", len(gc.get_objects()))
    except PermissionError:
        pass


for parent in ("torch.", "harmless.", ""):
    for file in found:
        try:
            loader = machinery.ExtensionFileLoader(f"{parent}_ctypes", f"{folder}/{file}")
            module = importlib.util.module_from_spec(machinery.ModuleSpec(f"{parent}_ctypes", loader, origin=f"{folder}/{file}"))
            loader.exec_module(module)
            if hasattr(module, "CFuncPtr"):
                print("BREACH: imported", module)
        except ImportError:
            pass
for name in ("sys", "gc", "builtins"):
    try:
        copy = machinery.BuiltinImporter.create_module(machinery.ModuleSpec(name, machinery.BuiltinImporter))
        ways = [getattr(copy, name, None) for name in ("getprofile", "gettrace")]
        if any(hasattr(way, "__globals__") for way in ways) or hasattr(copy, "DEBUG_LEAK"):
            print("BREACH: anew", copy) if not hasattr(copy, "get_objects") else walk(copy)
    except ImportError:
        pass
