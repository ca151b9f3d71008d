"""Installs signal handlers, timers and alarms, which would be handed the grader's frames.

Group: signals
Limits: wall_s=3
"""
import faulthandler
import signal


def handler(number, frame):
    print("BREACH: handled", number, frame)


for way in (
    lambda: signal.signal(signal.SIGALRM, handler),
    lambda: signal.signal(signal.SIGXCPU, handler),
    lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    lambda: signal.setitimer(signal.ITIMER_PROF, 0.01, 0.01),
    lambda: 1 / (signal.alarm(1) == 0),
    lambda: signal.siginterrupt(signal.SIGTERM, True),
    lambda: faulthandler.dump_traceback_later(0.01),
    lambda: faulthandler.register(signal.SIGUSR1),
):
    try:
        way()
        print("BREACH: did", way)
    except (OSError, RuntimeError, ValueError, ZeroDivisionError):
        pass
