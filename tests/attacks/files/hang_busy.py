"""Computes for ever.

Group: resources
Ending: timeout
Limits: wall_s=1
"""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
