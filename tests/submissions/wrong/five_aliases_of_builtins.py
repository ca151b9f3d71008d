# expect: relu=0 softmax=0 linear=0 logsumexp=0 layer-norm=0
import torch
import torch.nn.functional as F

relu, softmax, linear = torch.relu, F.softmax, F.linear


def logsumexp(x):
    return torch.logsumexp(x, -1)


def layer_norm(x):
    return F.layer_norm(x, x.shape[-1:])
