# -*- coding: unicode_escape -*-
"""Hides its code in a comment, where only Python sees it.

Group: hostile source
"""
# \nprint("BREACH: hidden code ran")
