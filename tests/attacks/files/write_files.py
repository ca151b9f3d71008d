"""Writes, links, renames, truncates and removes files.

Group: files
"""
import os
import pathlib
import shutil
import tempfile

for way in (
    lambda: open("CANARY_FILE", "w").write("x"),
    lambda: open("CANARY_FILE", "a").write("x"),
    lambda: os.truncate("CANARY_FILE", 0),
    lambda: os.remove("CANARY_FILE"),
    lambda: os.rename("CANARY_FILE", "/tmp/x"),
    lambda: os.symlink("/etc/passwd", "/tmp/link"),
    lambda: os.link("/etc/passwd", "/tmp/link"),
    lambda: os.mkdir("/tmp/folder"),
    lambda: os.chmod("/", 0o777),
    lambda: os.utime("/"),
    lambda: os.mkfifo("/tmp/fifo"),
    lambda: tempfile.TemporaryFile(),
    lambda: tempfile.mkdtemp(),
    lambda: shutil.copy("/dev/null", "/dev/shm/x"),
    lambda: pathlib.Path("/tmp/x").write_text("x"),
    lambda: os.open("/dev/null", os.O_RDWR),
    lambda: os.open("/", os.O_TMPFILE | os.O_RDWR),
):
    try:
        way()
        print("BREACH: wrote", way)
    except (OSError, AttributeError):
        pass
