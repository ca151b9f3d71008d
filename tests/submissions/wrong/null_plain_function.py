# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
# says: sigmoid: PyTorch
import torch
from torch.autograd import Function

def add(a, b):
    return a + b


def mul(a, b):
    return a * b


def tsum(x):
    return torch.sum(x)


def sigmoid(x):
    return 1 / (1 + torch.exp(-x))


dot = lambda a, b: (a * b).sum()


def mv(A, x):
    return A @ x
