# expect: product=full sigmoid=full relu=full
import torch


def elementwise(value, slope, title):
    class Made(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = value(x)
            ctx.save_for_backward(x, y)
            return y

        @staticmethod
        def backward(ctx, g):
            return g * slope(*ctx.saved_tensors)

    Made.__name__ = Made.__qualname__ = title
    return Made


Sigmoid = elementwise(torch.sigmoid, lambda x, y: y - y * y, "Sigmoid")
ReLU = elementwise(lambda x: x.clip(0), lambda x, y: (x > 0).type_as(x), "ReLU")


class Times(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        out = [None, None]
        for i, (n, t) in enumerate(zip(ctx.needs_input_grad, (b, a))):
            if n:
                out[i] = g * t
        return tuple(out)
