"""Saves and loads tensors and pickles, which can carry code.

Group: files
"""
import io
import pickle

import torch


class Evil:
    def __reduce__(self):
        return (print, ("code from a pickle ran where it was made",))


for way in (
    lambda: torch.save(torch.ones(3), "/tmp/x.pt"),
    lambda: torch.load("CANARY_FILE"),
    lambda: torch.jit.load("CANARY_FILE"),
    lambda: torch.from_file("CANARY_FILE", size=1, dtype=torch.uint8),
    lambda: torch.UntypedStorage.from_file("CANARY_FILE", True, 8),
    lambda: torch.ops.load_library("/lib/x86_64-linux-gnu/libc.so.6"),
    lambda: torch.utils.cpp_extension.load_inline("x", "int x;"),
    lambda: torch.hub.load("a/b", "c"),
):
    try:
        way()
        print("BREACH: did", way)
    except Exception:
        pass
buffer = io.BytesIO()
torch.save(torch.ones(3), buffer)
pickle.loads(pickle.dumps(Evil()))
