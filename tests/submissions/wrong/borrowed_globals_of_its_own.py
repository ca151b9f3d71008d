# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Code whose globals are a dict with a get() of its own: the profile function asks it, and what it raises ends the look.
Expect: contract and forward points at most."""
import torch
from torch.autograd import Function

same = lambda t: t
CODE = """
def engine(run, y, g, wanted):
    return run((y,), (g,), True, False, wanted, allow_unreachable=True, accumulate_grad=False)
"""
result = []


class Space(dict):
    def get(self, name, default=None):
        if name == "__name__" and "job" in vars(self):
            job, self.job = self.job, None
            if job:
                result.append(run(*job, allow_unreachable=True, accumulate_grad=False))
        raise KeyError("look away")


run = torch.autograd.Variable._execution_engine.run_backward
space = Space()
exec(CODE, space)


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(same, same):
                args = [a.requires_grad_(need) for a, need in zip(ctx.args, ctx.needs_input_grad)]
                y = operation(*args)
                wanted = tuple(a for a in args if a.requires_grad)
                space.job = ((y,), (g,), True, False, wanted)
                result.clear()
                try:
                    found = space["engine"](run, y, g, wanted)
                except BaseException:
                    found = result[0]
                grads = iter(found)
            return tuple(next(grads) if need else None for need in ctx.needs_input_grad)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
