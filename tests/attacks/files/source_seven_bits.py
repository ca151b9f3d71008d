# -*- coding: utf-7 -*-
"""Hides its code in letters that mean others.

Group: hostile source
"""
# +AAo-print("BREACH: hidden code ran")
