"""Asks the system for what few programs ask for: pidfds, inotify, memory files, event counters, splicing.

Group: privilege calls
"""
import fcntl
import mmap
import os
import select

for way in (
    lambda: os.pidfd_open(os.getppid()),
    lambda: os.memfd_create("haunt"),
    lambda: os.eventfd(0),
    lambda: os.pipe(),
    lambda: os.openpty(),
    lambda: os.dup(1),
    lambda: os.sendfile(1, 0, 0, 10),
    lambda: os.splice(0, 1, 10),
    lambda: os.copy_file_range(0, 1, 10),
    lambda: os.posix_fallocate(0, 0, 1 << 20),
    lambda: os.sched_setaffinity(0, {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    lambda: os.mkfifo("/tmp/haunt"),
    lambda: os.setxattr("/", "user.haunt", b"1"),
    lambda: select.epoll(),
    lambda: fcntl.flock(0, fcntl.LOCK_EX),
    lambda: fcntl.ioctl(0, 0x5412, b"x"),
    lambda: mmap.mmap(-1, 4096, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
):
    try:
        way()
        print("BREACH: did", way.__code__.co_names)
    except (OSError, ImportError, AttributeError):
        pass
