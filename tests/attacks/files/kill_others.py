"""Sends signals to everybody, to its parent, and to a process of the host.

Group: signals
"""
import os
import signal

for pid in (-1, 0, 1, 2, os.getppid(), CANARY_PID):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, 0):
        if pid == 0 and number == 0:
            continue
        try:
            os.kill(pid, number)
            print("BREACH: signalled", pid, number)
        except OSError:
            pass
for way in (
    lambda: os.killpg(0, 9),
    lambda: signal.pidfd_send_signal(os.pidfd_open(CANARY_PID), 9),
    lambda: signal.raise_signal(signal.SIGUSR1),
    lambda: signal.pthread_kill(__import__("threading").get_ident(), 10),
):
    try:
        way()
        print("BREACH: did", way)
    except (OSError, RuntimeError):
        pass
