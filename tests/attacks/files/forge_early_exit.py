"""Ends the process with success before anything is checked.

Group: forged verdicts
Ending: crashed
"""
import os

os._exit(0)
