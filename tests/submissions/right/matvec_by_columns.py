# expect: matrix-vector-product=full
import torch


class MatVec(torch.autograd.Function):
    @staticmethod
    def forward(ctx, M, v):
        ctx.save_for_backward(M, v)
        return torch.sum(M * v.unsqueeze(0), dim=1)

    @staticmethod
    def backward(ctx, w):
        M, v = ctx.saved_tensors
        dM = dv = None
        if ctx.needs_input_grad[0]:
            dM = torch.ger(w, v)
        if ctx.needs_input_grad[1]:
            dv = (w.unsqueeze(0) @ M).squeeze(0)
        return dM, dv
