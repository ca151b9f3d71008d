"""Names torch's own operations as if they were its own.

Group: cheats
"""
import operator

import torch

add = torch.add
mul = operator.mul
Sum = torch.sum
Sigmoid = torch.nn.Sigmoid()
dot = torch.Tensor.dot
mv = lambda A, x: A @ x  # noqa: E731
