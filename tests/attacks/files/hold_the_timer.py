"""Finds the handler that ends endless statements, and turns everything it knows around.

Group: signals
Ending: done timeout crashed
Limits: wall_s=2
"""
import signal

from torch.autograd import Function

handler = signal.getsignal(signal.SIGALRM)
space = getattr(handler, "__globals__", {})
for name in [name for name in space if "harness" in name or "send" in name or "probes" in name]:
    print("BREACH: found", name)


class Yes(float):
    def __format__(self, spec):
        raise SystemExit


space.update(_began=None, _fired="a" * 10_000, _seconds=Yes(1), _grace=1e9, _monotonic=lambda: 0, id=lambda x: 0)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return 0 * x.sum()

    @staticmethod
    def backward(ctx, g):
        return g


while True:
    pass
