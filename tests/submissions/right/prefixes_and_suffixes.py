# expect: all=full
import torch


class MyAddFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        r1, r2 = ctx.needs_input_grad
        return dzdy if r1 else None, dzdy if r2 else None


class my_mul(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None


class CustomSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy.repeat(x.shape) if x.dim() else dzdy.clone()


class SigmoidFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)


class DOT_PRODUCT(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 @ x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None


class MyMatVecAutogradFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A.mv(x)

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return torch.ger(dzdy, x) if r1 else None, A.t().mv(dzdy) if r2 else None
