# expect: product=full sigmoid=full dot-product=full matrix-vector-product=full
import torch
from torch import autograd


class Product(autograd.Function):
    @staticmethod
    def forward(self, input, other):
        self.input, self.other = input.clone(), other.clone()
        return input * other

    @staticmethod
    def backward(self, grad):
        return (grad * self.other if self.needs_input_grad[0] else None,
                grad * self.input if self.needs_input_grad[1] else None)


class Sigmoid(autograd.Function):
    @staticmethod
    def forward(context, input):
        context.constant = {"result": input.sigmoid()}
        return context.constant["result"].clone()

    @staticmethod
    def backward(context, grad):
        s = context.constant["result"]
        return s.mul(1 - s).mul(grad)


class Dot(autograd.Function):
    @staticmethod
    def forward(ctx, *vectors):
        ctx.save_for_backward(*vectors)
        return torch.dot(*vectors)

    @staticmethod
    def backward(ctx, *grads):
        (g,), (a, b) = grads, ctx.saved_tensors
        return [g * b if ctx.needs_input_grad[0] else None,
                g * a if ctx.needs_input_grad[1] else None][0:2][0], (
                g * a if ctx.needs_input_grad[1] else None)


class Matvec(autograd.Function):
    @staticmethod
    def forward(ctx, weight, vector):
        ctx.save_for_backward(weight if ctx.needs_input_grad[1] else None,
                              vector if ctx.needs_input_grad[0] else None)
        return weight.matmul(vector)

    @staticmethod
    def backward(ctx, grad):
        weight, vector = ctx.saved_tensors
        grad_weight = grad_vector = None
        if ctx.needs_input_grad[0]:
            grad_weight = grad.reshape(-1, 1) * vector.reshape(1, -1)
        if ctx.needs_input_grad[1]:
            grad_vector = weight.transpose(0, 1).matmul(grad)
        return grad_weight, grad_vector
