"""Has a regular expression try every way there is.

Group: resources
Limits: wall_s=1
"""
import re

re.match(r"(a+)+$", "a" * 60 + "b")
