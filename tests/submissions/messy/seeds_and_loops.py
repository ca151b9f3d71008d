# expect: sum=full product=full
import random
import numpy as np
import torch
from torch.autograd import Function


SEED = 42
random.seed(SEED); np.random.seed(SEED); torch.manual_seed(SEED)
torch.cuda.manual_seed_all(SEED)
torch.backends.cudnn.deterministic = True
torch.use_deterministic_algorithms(True)
torch.set_default_dtype(torch.float32)
torch.set_num_threads(4)
torch.autograd.set_detect_anomaly(True)

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        g1 = dzdy * x2 if ctx.needs_input_grad[0] else None
        g2 = dzdy * x1 if ctx.needs_input_grad[1] else None
        return g1, g2

w = torch.randn(3, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for epoch in range(20):
    torch.manual_seed(epoch)
    x = torch.randn(3)
    opt.zero_grad()
    loss = Sum.apply(Product.apply(w, x)) ** 2
    loss.backward()
    opt.step()
    if epoch % 5 == 0:
        print(f"epoch {epoch:3d} loss {loss.item():.4f}")
