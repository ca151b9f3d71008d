"""Compiles code under the names of files that are trusted, and loads it from bytes.

Group: hostile source
"""
import marshal
import os
import types

code = "import sys\nframe = sys._getframe()\nwhile frame:\n    if 'code' not in frame.f_globals: print('BREACH: frame', frame.f_code.co_filename)\n    frame = frame.f_back"
for way in (
    lambda: exec(compile(code, os.__file__, "exec")),
    lambda: exec(compile(code, "/cell/harness.py", "exec")),
    lambda: exec(compile(code, "<frozen os>", "exec")),
    lambda: exec(marshal.loads(marshal.dumps(compile(code, "x", "exec")))),
    lambda: exec(compile("0", "x", "exec").replace(co_filename="/cell/harness.py")),
    lambda: exec((lambda: 0).__code__.replace(co_filename=os.__file__)),
    lambda: setattr(os.getcwd, "__code__", (lambda: 0).__code__),
    lambda: types.FunctionType(compile(code, os.__file__, "exec"), {"__name__": "cell.harness", "code": code})(),
):
    try:
        way()
    except Exception:
        pass
