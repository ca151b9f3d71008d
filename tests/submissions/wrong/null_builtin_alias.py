# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
# says: sum: not written in your file
import torch
from torch.autograd import Function

Addition = torch.add
Product = torch.mul
Sum = torch.sum
Sigmoid = torch.sigmoid
DotProduct = torch.dot
MatrixVectorProduct = torch.mv
