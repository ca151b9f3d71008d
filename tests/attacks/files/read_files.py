"""Reads what a host would not want read.

Group: files
"""
import os

for path in (
    "CANARY_FILE",
    "/etc/passwd",
    "/etc/hostname",
    "/etc/shadow",
    "/root/.ssh/id_rsa",
    "/proc/self/environ",
    "/proc/1/cmdline",
    "/proc/cpuinfo",
    "/sys/class/net",
    "/run/secrets",
    "/var/run/docker.sock",
    "/cells",
    "/cell/__main__.py",
    "/cell/protocol.py",
    "demo.json",
    ".chainrule",
    "/home",
    "/tmp",
):
    for way in (lambda: open(path, "rb").read(10), lambda: os.listdir(path), lambda: os.open(path, os.O_RDONLY)):
        try:
            print("BREACH: read", path, way())
        except OSError:
            pass
