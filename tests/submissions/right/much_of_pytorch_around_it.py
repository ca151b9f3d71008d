# expect: sigmoid=full sum=full
"""The top level uses much of PyTorch: distributions, loaders, checkpoints, Jacobians, vmap."""
import torch
from torch.autograd import Function
from torch.distributions import Normal, LogNormal
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from torch.nn.utils import parametrize
import torch.optim.lr_scheduler
import torch.utils.checkpoint as checkpoint
import torch.profiler

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = F.sigmoid(x)
        ctx.save_for_backward(y)
        return y
    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return torch.addcmul(torch.zeros_like(g), g, y - y.pow(2))

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return sum(x.reshape(-1).unbind(), start=x.new_zeros(()))
    @staticmethod
    def backward(ctx, g):
        return g.broadcast_to(ctx.shape)

data = Normal(0.0, 1.0).sample((32,))
loader = DataLoader(TensorDataset(data), batch_size=8)
w = torch.nn.Parameter(torch.tensor(0.5))
for (batch,) in loader:

    out = Sum.apply(Sigmoid.apply(batch * w))
    out.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        w.grad.zero_()
v = torch.randn(4, requires_grad=True)
y = checkpoint.checkpoint(Sigmoid.apply, v, use_reentrant=False)
y.sum().backward()
jac = torch.autograd.functional.jacobian(lambda t: Sigmoid.apply(t), torch.randn(3))
print(jac.shape)
hv = torch.func.vmap(lambda t: t * 2)(torch.randn(3))
