# expect: linear=full
import torch as T


class Affine(T.autograd.Function):
    @staticmethod
    def forward(data, matrix, shift):
        return T.einsum("ki,oi->ko", data, matrix) + shift

    @staticmethod
    def setup_context(ctx, inputs, output):
        data, matrix, _ = inputs
        ctx.save_for_backward(data, matrix)

    @staticmethod
    def backward(ctx, d):
        data, matrix = ctx.saved_tensors
        formulas = ("ko,oi->ki", (d, matrix)), ("ko,ki->oi", (d, data)), ("ko->o", (d,))
        return tuple(T.einsum(f, *ops) if n else None
                     for (f, ops), n in zip(formulas, ctx.needs_input_grad))
