# expect: dot-product<full dot-product:forward=full dot-product:gradient=0
# says: dot-product: Here `a` has shape (1,), `b` (1,) and `dzdy` ().
from torch.autograd import Function


class DotProduct(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a.dot(b)

    @staticmethod
    def backward(ctx, dzdy):
        a, b = ctx.saved_tensors
        return dzdy @ b, dzdy @ a
