"""Computes for ever.

Group: resources
Ending: done timeout
Limits: wall_s=1
"""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
