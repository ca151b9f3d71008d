# expect: sum=full
import atexit
import signal
import threading
import subprocess
import multiprocessing as mp
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


def bye(*_):
    print("bye")


atexit.register(bye)
signal.signal(signal.SIGINT, bye)
threading.Thread(target=bye).start()
subprocess.run(["nvidia-smi"])
if __name__ == "__main__":
    mp.set_start_method("spawn")
    with mp.Pool(2) as pool:
        pool.map(bye, range(2))
