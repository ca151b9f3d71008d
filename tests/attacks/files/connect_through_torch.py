"""Uses torch's own network code, which never asks Python.

Group: network
Ending: done crashed
Limits: wall_s=3
"""
import datetime

import torch.distributed as dist

short = datetime.timedelta(seconds=1)
for way in (
    lambda: dist.TCPStore("127.0.0.1", CANARY_PORT, 1, False, short),
    lambda: dist.TCPStore("127.0.0.1", 0, 1, True, short),
    lambda: dist.FileStore("CANARY_FILE", 1).set("x", "y"),
    lambda: dist.init_process_group("gloo", init_method="tcp://127.0.0.1:CANARY_PORT", rank=0, world_size=1),
):
    try:
        way()
        print("BREACH: did", way)
    except Exception:
        pass
