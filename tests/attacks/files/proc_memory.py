"""Opens the memory of its own process, its parent and the host's processes.

Group: ptrace and /proc
"""
import os

for pid in ("self", "thread-self", "1", "2", str(os.getppid()), "CANARY_PID"):
    for name in ("mem", "maps", "environ", "cmdline", "root/etc/passwd", "cwd", "fd/3", "task", "status", "ns/net", "attr/current"):
        for mode in ("rb", "r+b"):
            try:
                with open(f"/proc/{pid}/{name}", mode):
                    print("BREACH: opened", pid, name)
            except OSError:
                pass
        try:
            link = os.readlink(f"/proc/{pid}/{name}")
            if not pid.endswith("self"):
                print("BREACH: link", link)
        except OSError:
            pass
