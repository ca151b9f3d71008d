"""Has C code called while the grader's own function runs, so that it counts as the grader's call.

Group: frame and gc walks
Earns: availability contract
"""
import collections
import functools
import gc
import sys

from torch.autograd import Function

found = []
CODE = "import submission; submission.found.append(globals()); print('BREACH: ran in', __name__)"
made = {
    one: collections.defaultdict(one)
    for one in (
        globals,
        locals,
        vars,
        gc.get_objects,
        functools.partial(sys._getframe, 0),
        functools.partial(sys.setprofile, print),
        functools.partial(eval, "globals()"),
        functools.partial(exec, CODE),
        functools.partial(exec, compile(CODE, "submission.py", "exec")),
    )
}


def raises(one):
    class Odd(Exception):
        __str__ = functools.partial(made[one].__getitem__, "str")
        __del__ = functools.partial(made[one].__getitem__, "del")

    raise Odd


raises(globals)
raises(locals)
raises(vars)
raises(list(made)[3])
raises(list(made)[4])
raises(list(made)[5])
raises(list(made)[6])
raises(list(made)[7])
raises(list(made)[8])
Sigmoid = functools.partial(made[globals].__getitem__)
Product = functools.partial(made[locals].__getitem__)
Dot = functools.partial(made[list(made)[6]].__getitem__)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        for sink in made.values():
            for value in sink.values():
                print("BREACH:", type(value))
        return x

    @staticmethod
    def backward(ctx, g):
        return g
