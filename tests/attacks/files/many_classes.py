"""Defines more classes than anybody would look through, all of them nearly right.

Group: hostile source
Ending: done timeout cpu
Limits: wall_s=4
"""
from torch.autograd import Function

for number in range(6_000):
    globals()[f"Sigmoi{number:06d}d"] = type(f"Sigmoid{number}", (Function,), {"forward": staticmethod(lambda ctx, x: x), "backward": staticmethod(lambda ctx, g: g)})
    globals()[f"mult{number}"] = lambda a, b: a
