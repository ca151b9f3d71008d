"""Leaves messages in shared memory and message queues for a second submission.

Group: haunting
"""
import multiprocessing.shared_memory

import torch

for way in (
    lambda: multiprocessing.shared_memory.SharedMemory("haunt", True, 4096),
    lambda: torch.ones(10).share_memory_(),
    lambda: torch.multiprocessing.Queue(),
    lambda: torch.UntypedStorage._new_shared(100),
):
    try:
        way()
        print("BREACH: shared", way)
    except Exception:
        pass
