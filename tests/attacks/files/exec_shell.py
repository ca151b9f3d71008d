"""Runs programs in every way that Python knows.

Group: processes
"""
import os
import subprocess

for way in (
    lambda: subprocess.run(["/bin/sh", "-c", "id"], check=False),
    lambda: subprocess.check_output("id", shell=True),
    lambda: os.popen("id").read(),
    lambda: os.execv("/bin/sh", ["sh"]),
    lambda: os.posix_spawn("/usr/bin/python3", ["python3"], {}),
    lambda: __import__("pty").spawn("/bin/sh"),
    lambda: __import__("_posixsubprocess").fork_exec(*[None] * 23),
):
    try:
        way()
        print("BREACH: ran", way)
    except BaseException:
        pass
if os.system("id") == 0:
    print("BREACH: system")
