# expect: sigmoid=0
import torch
from torch.autograd import Function

class Liar(torch.Tensor):
    @property
    def grad_fn(self):
        return None

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return super().__torch_function__(func, types, args, kwargs or {})


def sigmoid(x):
    return torch.sigmoid(x).as_subclass(Liar)
