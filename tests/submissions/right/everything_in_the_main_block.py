# expect: sigmoid=full
import torch

if __name__ == "__main__":
    class Sigmoid(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x.sigmoid()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, dzdy):
            y, = ctx.saved_tensors
            return dzdy * y * (1 - y)

    x = torch.randn(4, requires_grad=True, dtype=torch.float64)
    print(torch.autograd.gradcheck(Sigmoid.apply, x))
