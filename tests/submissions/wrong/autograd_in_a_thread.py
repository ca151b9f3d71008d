# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

import threading

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        out = []
        
        def work():
            t = x.detach().requires_grad_()
            with torch.enable_grad():
                y = torch.sigmoid(t)
            out.append(torch.autograd.grad(y, t, dzdy)[0])
        
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return out[0]
