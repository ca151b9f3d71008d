"""Lists every folder from the root on, and looks for the grader's own source and the course's solutions.

Group: files
"""
import glob
import os

for root in ("/", ".", "..", os.path.dirname(os.__file__) + "/../..", "/usr", "/work", "/srv", "/opt", "/home"):
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            if name in ("graders", "judge.py", "exercises", "chainrule", "demo.json") and "torch" not in folder:
                print("BREACH: saw", folder, name)
        if folder.count("/") > 5:
            folders.clear()
for found in glob.glob("/*/*canary*") + glob.glob("/site/celery*") + glob.glob("/site/sqlalchemy*"):
    print("BREACH: saw", found)
