# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy, dzdy

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy, dzdy

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy

class DotProduct(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy, dzdy

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        return x.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return None, dzdy
