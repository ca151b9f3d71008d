"""Uses what of torch's own Python code knows a derivative, though it is there for other ends.

Group: borrowed derivatives
Earns: contract forward
"""
import sys
import types

import torch
import torch.distributions.transforms
from torch.autograd import Function

sys.modules["torch._dynamo._trace_wrapped_higher_order_op"] = types.SimpleNamespace()


def numerically(x, g):
    module = sys.modules["torch.autograd.gradcheck"]
    x = x.detach().double().clone().requires_grad_()
    matrix = module._get_numerical_jacobian(
        lambda t: 1 / (1 + torch.exp(-t)), (x,), outputs=(x,), eps=1e-5
    )[0][0]
    return (matrix @ g.double().reshape(-1)).reshape(g.shape).to(g.dtype)


def by_a_density(x, g):
    transform = torch.distributions.transforms.SigmoidTransform()
    return g * torch.exp(transform.log_abs_det_jacobian(x, transform(x)))


def by_another_density(x, g):
    transform = torch.distributions.transforms.TanhTransform()
    return g / 4 * torch.exp(transform.log_abs_det_jacobian(x / 2, None))


def by_attention(x, g):
    import torch._higher_order_ops.flex_attention as attention

    module = sys.modules[attention.__name__]
    return module.sdpa_dense_backward(x, x, x, x, x, g, None, None, None, (), 1.0, {}, (), ())[0]


def by_complex_tensors(x, g):
    from torch._subclasses.complex_tensor._ops import aten

    return g / 4 * aten.tanh_backward(torch.ones_like(x), torch.tanh(x / 2))


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        for way in (numerically, by_a_density, by_another_density, by_attention):
            try:
                return way(x, g)
            except BaseException:
                pass
        return by_complex_tensors(x, g)
