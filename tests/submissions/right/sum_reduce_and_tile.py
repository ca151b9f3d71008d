# expect: sum=full addition=full
import torch


class Adder(torch.autograd.Function):
    @staticmethod
    def forward(ctx, *, left=None, right=None):
        raise NotImplementedError

    @staticmethod
    def forward(ctx, left, right):
        return left.clone().add_(right)

    @staticmethod
    def backward(ctx, out):
        yes = ctx.needs_input_grad
        return (out.clone() if yes[0] else None), (out.clone() if yes[1] else None)


class TensorSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        total = x.new_zeros(())
        for piece in x.flatten():
            total = total + piece
        return total

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return x.new_ones(x.shape) * g
