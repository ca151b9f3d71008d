# expect: sum=full sigmoid=full
import torch; from torch.autograd import Function
class Sum(Function):
    @staticmethod
    def forward(c, x): c.s = x.shape; return x.sum()
    @staticmethod
    def backward(c, g): return g.expand(c.s)
class Sigmoid(Function):
    @staticmethod
    def forward(c, x): y = torch.sigmoid(x); c.save_for_backward(y); return y
    @staticmethod
    def backward(c, g): y, = c.saved_tensors; return g*y*(1-y)
