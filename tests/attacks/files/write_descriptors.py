"""Has Python's own helpers write to every descriptor, the connection among them.

Group: descriptors
Ending: forged malformed crashed done
Limits: wall_s=3
"""
import faulthandler
import os
import signal

for descriptor in range(64):
    for way in (
        lambda: faulthandler.dump_traceback(descriptor),
        lambda: signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False),
        lambda: os.writev(descriptor, [b"\xff" * 8, b"\0" * 64]),
        lambda: os.pwrite(descriptor, b"done", 0),
    ):
        try:
            way()
        except (OSError, ValueError, RuntimeError):
            pass
