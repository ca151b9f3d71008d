# expect: sum=full
import torch
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
	ctx.shape = x.shape
	return x.sum()
    @staticmethod
    def backward(ctx, dzdy):
	return dzdy.expand(ctx.shape)
