"""Changes everything global that torch and Python have, for whoever comes next.

Group: haunting
"""
import random
import sys

import numpy
import torch

torch.set_default_dtype(torch.float64)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_default_device("meta")
torch.manual_seed(0)
torch.autograd.set_detect_anomaly(True)
torch.set_flush_denormal(True)
numpy.seterr(all="raise")
random.seed(0)
sys.setrecursionlimit(50)
torch.nn.functional.sigmoid = torch.sigmoid = torch.sum = torch.dot = torch.mv = None
sys.modules["torch"] = sys.modules["numpy"] = None
sys.path.insert(0, "/tmp")
