# expect: product=full
"""Right, with words of autograd all around it: in demos, in names met again, in a matrix' trace."""
import torch
from torch.autograd import Function

x1 = torch.ones(2).requires_grad_()
grad = torch.autograd.grad((x1 * x1).sum(), x1)[0]
g = (x1 * 2).grad_fn


@torch.jit.script
def scaled(a, b):
    return a * b


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        torch.trace(torch.eye(2))
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        grad = [None, None]
        if ctx.needs_input_grad[0]:
            grad[0] = scaled(g, x2)
        if ctx.needs_input_grad[1]:
            grad[1] = scaled(g, x1)
        return tuple(grad)

    @classmethod
    def demo(cls):
        out = cls.apply(torch.ones(2, requires_grad=True), torch.ones(2))
        print(out.grad_fn, torch.autograd.grad(out.sum(), out.grad_fn.next_functions[0][0].variable))


if __name__ == "__main__":
    Product.demo()
