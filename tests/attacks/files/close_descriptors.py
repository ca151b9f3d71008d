"""Closes every descriptor, so that nothing can be said of it any more.

Group: descriptors
Ending: crashed done
"""
import os

os.closerange(0, 1000)
