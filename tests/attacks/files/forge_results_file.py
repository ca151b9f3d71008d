"""Writes a results file in every place where graders look for one.

Group: forged verdicts
"""
for path in ("/autograder/results/results.json", "results.json", "/tmp/results.json", "/cell/result", "/dev/shm/r"):
    try:
        with open(path, "w") as file:
            file.write('{"score": 100}')
        print("BREACH: wrote", path)
    except OSError:
        pass
