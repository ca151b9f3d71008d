"""Asks torch's compiler (PEP 523) to be told of every Python frame that begins, the grader's too.

Group: frame and gc walks
"""
import types

from torch._C._dynamo import eval_frame

strategy = eval_frame._FrameExecStrategy(eval_frame._FrameAction.SKIP, eval_frame._FrameAction.DEFAULT)
answer = types.SimpleNamespace(guarded_code=None, frame_exec_strategy=strategy, apply_to_code=True)
seen = []


def told(frame, *rest):
    name = frame.f_code.co_filename
    if name.startswith("/cell"):
        seen.append((name, frame.f_code.co_name, len(frame.f_globals), "trusted_torch" in frame.f_globals))
        eval_frame.set_eval_frame(None)
    return answer


eval_frame.set_eval_frame(told)
1 / 0
print("BREACH" if seen else "nothing", seen)
