# expect: sigmoid=full
"""Its own tests use unittest, autograd, a context of its own and a difference quotient."""
import torch, unittest
from torch.autograd import Function
class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        result = 1. / (1. + (-x).exp())
        ctx.save_for_backward(result)
        return result
    @staticmethod
    def backward(ctx, dzdy):
        result, = ctx.saved_tensors
        return dzdy * (1. - result) * result
class Tests(unittest.TestCase):
    def test_it(self):
        x = torch.linspace(-3, 3, 7, dtype=torch.double, requires_grad=True)
        Sigmoid.apply(x).sum().backward()
        y = x.detach().clone().requires_grad_()
        torch.sigmoid(y).sum().backward()
        torch.testing.assert_close(x.grad, y.grad)
    def test_numbers(self):
        eps = 1e-6
        x = torch.linspace(-3, 3, 7, dtype=torch.double)
        slope = (torch.sigmoid(x + eps) - torch.sigmoid(x - eps)) / (2 * eps)
        class Ctx: pass
        ctx = Ctx(); ctx.save_for_backward = lambda *t: setattr(ctx, "saved_tensors", t)
        Sigmoid.forward(ctx, x)
        torch.testing.assert_close(Sigmoid.backward(ctx, torch.ones(7, dtype=torch.double)), slope)
unittest.main(argv=["x"], exit=False, verbosity=0)
def check(f, g):
    x = torch.randn(5, requires_grad=True)
    a, = torch.autograd.grad(f(x).sum(), x)
    b, = torch.autograd.grad(g(x).sum(), x)
    return torch.allclose(a, b)
ok = check(Sigmoid.apply, torch.sigmoid)
print("ok" if ok else "not ok")
for i in range(3):
    x = torch.randn(5, requires_grad=True)
    y = Sigmoid.apply(x)
    y.backward(torch.ones_like(y))
    print(i, x.grad.norm().item())
h = x.register_hook(lambda g: g * 2)
