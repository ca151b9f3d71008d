# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""torch's own operations behind 200 clones: the graph told of is cut at 200 nodes.
Expect: 0 points."""
import torch


def far(y):
    for _ in range(200):
        y = y.clone()
    return y


def add(a, b): return far(a + b)
def mul(a, b): return far(a * b)
def sum_(x): return far(x.sum())
def sigmoid(x): return far(torch.sigmoid(x))
def dot(a, b): return far(torch.dot(a, b))
def mv(A, x): return far(torch.mv(A, x))
Sum = sum_
