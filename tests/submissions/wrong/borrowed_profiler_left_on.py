# expect: sum:gradient=0
"""Does it matter that the file's own profiler runs?"""
import torch
from torch.autograd import Function
torch._C._autograd._enable_profiler_legacy(torch._C._profiler.ProfilerConfig(torch._C._profiler.ProfilerState.CPU, False, False, False, False, False, torch._C._profiler._ExperimentalConfig()))


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            y = torch.sum(x)
            return torch.ops.aten.grad([y], [x], [g])[0]
