# expect: sigmoid:gradient=0
"""The density of a distribution is the derivative of what it adds up to, here of the sigmoid."""
import torch
from torch.distributions.relaxed_bernoulli import LogitRelaxedBernoulli


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        one = torch.ones((), dtype=x.dtype)
        density = LogitRelaxedBernoulli(one, logits=x, validate_args=False)
        return g * density.log_prob(torch.zeros_like(x)).exp()
