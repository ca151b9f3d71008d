# expect: all=full
"""Forward and context apart, as newer PyTorch documentation recommends."""
import torch


class Add(torch.autograd.Function):
    @staticmethod
    def forward(x1, x2):
        return x1 + x2

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        return tuple(grad_output if needed else None for needed in ctx.needs_input_grad)


class Mul(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x1, x2):
        return x1 * x2

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        x1, x2 = ctx.saved_tensors
        g1 = g2 = None
        if ctx.needs_input_grad[0]:
            g1 = grad_output * x2
        if ctx.needs_input_grad[1]:
            g2 = grad_output * x1
        return g1, g2


class Sum(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x.sum()

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.shape = x.shape

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.expand(ctx.shape)


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return torch.sigmoid(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad_output):
        y, = ctx.saved_tensors
        return grad_output * y * (1 - y)


class Dot(torch.autograd.Function):
    @staticmethod
    def forward(a, b):
        return torch.dot(a, b)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return (g * b if ctx.needs_input_grad[0] else None,
                g * a if ctx.needs_input_grad[1] else None)


class MatVec(torch.autograd.Function):
    @staticmethod
    def forward(W, v):
        return W @ v

    @staticmethod
    def setup_context(ctx, inputs, output):
        W, v = inputs
        ctx.save_for_backward(W, v)

    @staticmethod
    def backward(ctx, g):
        W, v = ctx.saved_tensors
        gW = g[:, None] * v[None, :] if ctx.needs_input_grad[0] else None
        gv = W.T @ g if ctx.needs_input_grad[1] else None
        return gW, gv
