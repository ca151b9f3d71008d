"""Starts threads, which would go on after the checks are over.

Group: lingering threads and children
"""
import _thread
import threading

import torch


def busy():
    while True:
        pass


for way in (
    lambda: _thread.start_new_thread(busy, ()),
    lambda: threading.Thread(target=busy, daemon=True).start(),
    lambda: threading.Timer(0, busy).start(),
):
    try:
        way()
        print("BREACH: a thread runs")
    except RuntimeError:
        pass
torch.set_num_threads(64)
torch.ones(1 << 20).exp()
