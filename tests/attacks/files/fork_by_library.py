"""Starts processes through multiprocessing, concurrent.futures and torch's data loader.

Group: processes
Limits: wall_s=5
"""
import concurrent.futures
import multiprocessing

import torch


def loaded():
    data = torch.utils.data.TensorDataset(torch.ones(4))
    return list(torch.utils.data.DataLoader(data, num_workers=2))


for way in (
    lambda: multiprocessing.Process(target=print).start(),
    lambda: multiprocessing.Pool(2),
    lambda: concurrent.futures.ProcessPoolExecutor().submit(print).result(),
    loaded,
):
    try:
        way()
        print("BREACH: started", way)
    except Exception:
        pass
