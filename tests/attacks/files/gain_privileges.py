"""Asks for more rights: users, namespaces, roots, limits, priorities.

Group: privilege calls
"""
import os
import resource

for way in (
    lambda: os.setuid(0),
    lambda: os.setgid(0),
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setgroups([0]),
    lambda: os.seteuid(0),
    lambda: os.chroot("/"),
    lambda: os.unshare(0x10000000),
    lambda: os.setns(3, 0),
    lambda: os.nice(-10),
    lambda: os.setpriority(0, 0, -10),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    lambda: os.sethostname("x"),
    lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)),
    lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    lambda: resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000)),
    lambda: resource.prlimit(0, resource.RLIMIT_NPROC, (100, 100)),
):
    try:
        way()
        print("BREACH: did", way)
    except (OSError, AttributeError, ValueError):
        pass
if os.getuid() == 0:
    print("BREACH: root")
