# -*- coding: rot13 -*-
"""Claims an encoding that turns its text into other code.

Group: hostile source
"""
cevag("OERNPU: guvf jnf qrpbqrq")
