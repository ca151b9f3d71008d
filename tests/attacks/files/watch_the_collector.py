"""Listens to the garbage collector, weak references and finalisers for objects that are not its own.

Group: frame and gc walks
Limits: wall_s=4
"""
import sys
import types
import weakref

gc = sys.modules.get("gc")
seen = []


def look():
    try:
        frame = sys._getframe(1)
    except ValueError:
        return
    while frame is not None:
        if frame.f_code.co_filename.startswith("/cell"):
            print("BREACH: frame", frame.f_code.co_name)
        frame = frame.f_back


class Trap:
    def __del__(self):
        look()
        Trap.kept = Trap()


def collected(phase, info):
    look()


if gc is not None:
    gc.callbacks.append(collected)
    for way in ("get_objects", "get_referrers", "get_referents"):
        try:
            seen = getattr(gc, way)(gc)
            print("BREACH: objects", len(seen))
        except PermissionError:
            pass
    gc.set_threshold(1)
    gc.unfreeze()
    gc.collect()
first = Trap()
circle = [Trap()]
circle.append(circle)
del first, circle
for cls in (types.FunctionType, types.FrameType, types.CellType):
    if [one for one in weakref.getweakrefs(cls) if one() is None]:
        print("BREACH: references")
