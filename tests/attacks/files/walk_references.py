"""Follows every reference it can reach without gc or frames, looking for the sender and its key.

Group: frame and gc walks
"""
import sys

SLOTS = ("__dict__", "__closure__", "__globals__", "__self__", "__wrapped__", "__defaults__", "cell_contents", "__func__", "fget")
queue = [sys.modules, object.__subclasses__(), sys.stdout, sys.stderr, sys.stdin, sys.meta_path, sys.path_hooks]
seen = set()
while queue and len(seen) < 40_000:
    thing = queue.pop()
    if id(thing) in seen:
        continue
    seen.add(id(thing))
    kind = type(thing)
    if kind.__name__ == "blake2b" or (kind.__name__ == "function" and thing.__module__.startswith("cell")):
        print("BREACH: found", thing)
        break
    if kind in (list, tuple, set, frozenset):
        queue.extend(thing)
    elif kind is dict or kind.__name__ == "mappingproxy":
        queue.extend(dict(thing).values())
    elif kind not in (int, float, str, bytes, bool, type(None), complex):
        for slot in SLOTS:
            try:
                queue.append(getattr(thing, slot))
            except BaseException:
                pass
